// hnswlib on one data file: builds with M = 16 and efConstruction = 100, searches all rows, then new rows one at a time.
// usage: hnswlib_driver DATA IDS QUERIES QUERY_IDS ef threads
#include <hnswlib/hnswlib.h>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <cstring>

static const size_t K = 15;

struct Rows { size_t n = 0, d = 0; std::vector<float> x; };

static Rows read(const char* path) {
    Rows r;
    int shape[2];
    FILE* f = fopen(path, "rb");
    if (!f || fread(shape, 4, 2, f) != 2) exit(1);
    r.n = shape[0]; r.d = shape[1]; r.x.resize(r.n * r.d);
    if (fread(r.x.data(), 4, r.x.size(), f) != r.x.size()) exit(1);
    fclose(f);
    return r;
}

static void write(const char* path, const std::vector<int>& ids) {
    FILE* f = fopen(path, "wb");
    if (!f || fwrite(ids.data(), 4, ids.size(), f) != ids.size()) exit(1);
    fclose(f);
}

static double wall() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
static double cpu() { timespec t; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); return t.tv_sec + 1e-9 * t.tv_nsec; }

// VmRSS or VmHWM (its peak) in MB. getrusage would start from the parent's.
static double memory(const char* name) {
    FILE* f = fopen("/proc/self/status", "r");
    double kib = 0;
    for (char line[256]; f && fgets(line, sizeof line, f);)
        if (!strncmp(line, name, strlen(name))) kib = atof(line + strlen(name) + 1);
    if (f) fclose(f);
    return kib * 1024e-6;
}

// The K nearest, nearest first, without the row itself.
static void search(hnswlib::HierarchicalNSW<float>& index, const float* row, size_t wanted, int self, int* ids) {
    auto found = index.searchKnn(row, wanted);
    std::vector<int> order(found.size());
    for (size_t i = order.size(); i-- > 0; found.pop()) order[i] = (int)found.top().second;
    size_t count = 0;
    for (int id : order)
        if (id != self && count < K) ids[count++] = id;
}

int main(int argc, char** argv) {
    if (argc != 7) return 2;
    Rows rows = read(argv[1]), queries = read(argv[3]);
    int ef = atoi(argv[5]), threads = atoi(argv[6]);
    double held = memory("VmRSS"), w = wall(), c = cpu();
    hnswlib::L2Space space(rows.d);
    hnswlib::HierarchicalNSW<float> index(&space, rows.n, 16, 100);
    index.addPoint(rows.x.data(), 0);
    #pragma omp parallel for schedule(dynamic, 64) num_threads(threads)
    for (size_t i = 1; i < rows.n; i++) index.addPoint(&rows.x[i * rows.d], i);
    index.setEf(ef);
    std::vector<int> ids(rows.n * K, -1), queryIds(queries.n * K, -1);
    #pragma omp parallel for schedule(dynamic, 64) num_threads(threads)
    for (size_t i = 0; i < rows.n; i++) search(index, &rows.x[i * rows.d], K + 1, (int)i, &ids[i * K]);
    w = wall() - w; c = cpu() - c;
    double extra = memory("VmHWM") - held;
    write(argv[2], ids);

    std::vector<double> us(queries.n);
    double seconds = 0, cpuSeconds = 0;
    for (int pass = 0; pass < 2; pass++) {
        seconds = wall(); cpuSeconds = cpu();
        for (size_t i = 0; i < queries.n; i++) {
            double t = wall();
            search(index, &queries.x[i * rows.d], K, -1, &queryIds[i * K]);
            us[i] = (wall() - t) * 1e6;
        }
        seconds = wall() - seconds; cpuSeconds = cpu() - cpuSeconds;
    }
    write(argv[4], queryIds);
    std::sort(us.begin(), us.end());
    printf("{\"seconds\":%.4f,\"cpu_seconds\":%.4f,\"extra_mb\":%.1f,\"peak_mb\":%.1f}\n", w, c, extra, memory("VmHWM"));
    printf("{\"seconds\":%.4f,\"cpu_seconds\":%.4f,\"p50_us\":%.2f}\n", seconds, cpuSeconds, us[us.size() / 2]);
}

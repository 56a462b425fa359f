namespace LeoCvae;
static class HnswFile { public static void CheckBody(HnswGraph graph) { } }

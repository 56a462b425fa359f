using System.Runtime.InteropServices;

namespace LeoCvae.Evaluation;

/// <summary>What we call of LightGBM's native library (its c_api.h). Calls on different handles may run in parallel.</summary>
static unsafe partial class LightGbmLibrary
{
    const string Name = "lib_lightgbm";
    const int Float32 = 0, AllRounds = -1;

    /// <summary>Rows in bins, with a label and, where they differ, a weight each.</summary>
    public sealed partial class TrainingSet : Handle
    {
        public TrainingSet(Matrix x, int[] labels, float[] weights, string parameters)
        {
            fixed (float* values = x.Values)
                Check(LGBM_DatasetCreateFromMat(values, Float32, x.Rows, x.Columns, 1, parameters, 0, out handle));
            Set("label", Array.ConvertAll(labels, label => (float)label));
            if (weights.Any(weight => weight != weights[0]))
                Set("weight", weights);
        }

        void Set(string field, float[] values)
        {
            fixed (float* start = values)
                Check(LGBM_DatasetSetField(handle, field, start, values.Length, Float32));
        }

        protected override bool ReleaseHandle() => LGBM_DatasetFree(handle) == 0;

        [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
        private static partial int LGBM_DatasetCreateFromMat(float* data, int type, int rows, int columns, int isRowMajor,
            string parameters, nint reference, out nint dataset);

        [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
        private static partial int LGBM_DatasetSetField(nint dataset, string field, float* data, int length, int type);

        [LibraryImport(Name)]
        private static partial int LGBM_DatasetFree(nint dataset);
    }

    /// <summary>Trees that are grown on rows, which have to outlive it.</summary>
    public sealed partial class Booster : Handle
    {
        public Booster(TrainingSet rows, string parameters) =>
            Check(LGBM_BoosterCreate(rows.DangerousGetHandle(), parameters, out handle));

        /// <summary>Grows the trees of one round; false where no tree can grow any more.</summary>
        public bool Update()
        {
            Check(LGBM_BoosterUpdateOneIter(handle, out int isFinished));
            return isFinished == 0;
        }

        /// <summary>The trees as LightGBM writes them into a file.</summary>
        public string Text()
        {
            byte[] text = new byte[1 << 16];
            long length = Write(text);
            if (length > text.Length)
                Write(text = new byte[length]);
            fixed (byte* start = text)
                return Marshal.PtrToStringUTF8((nint)start)!;
        }

        long Write(byte[] text)
        {
            long length;
            fixed (byte* start = text)
                Check(LGBM_BoosterSaveModelToString(handle, 0, AllRounds, 0, text.Length, out length, start));
            return length;
        }

        protected override bool ReleaseHandle() => LGBM_BoosterFree(handle) == 0;

        [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
        private static partial int LGBM_BoosterCreate(nint dataset, string parameters, out nint booster);

        [LibraryImport(Name)]
        private static partial int LGBM_BoosterUpdateOneIter(nint booster, out int isFinished);

        [LibraryImport(Name)]
        private static partial int LGBM_BoosterSaveModelToString(nint booster, int firstRound, int rounds, int importance, long size,
            out long length, byte* text);

        [LibraryImport(Name)]
        private static partial int LGBM_BoosterFree(nint booster);
    }

    /// <summary>Something that the library holds. Not thread-safe.</summary>
    public abstract class Handle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        private protected static void Check(int code)
        {
            if (code != 0)
                throw new InvalidOperationException($"lightgbm: {Marshal.PtrToStringUTF8(LGBM_GetLastError())}");
        }
    }

    [LibraryImport(Name)]
    private static partial nint LGBM_GetLastError();
}

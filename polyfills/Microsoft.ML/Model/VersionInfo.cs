using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What the header of a component in a model file says: the format, its version, and who can load it.</summary>
/// <param name="modelSignature">Eight characters that name the format.</param>
/// <param name="verWrittenCur">The version that is written.</param>
/// <param name="verReadableCur">The oldest version whose reader can read that.</param>
/// <param name="verWeCanReadBack">The oldest version that can be read.</param>
/// <param name="loaderSignature">Up to 24 characters that name the class to load.</param>
/// <param name="loaderAssemblyName">The assembly of that class; null for this one.</param>
internal readonly struct VersionInfo(
    string modelSignature, uint verWrittenCur, uint verReadableCur, uint verWeCanReadBack, string loaderSignature, string loaderAssemblyName = null)
{
    // spaces become zeros, in the file as in ML.NET
    public readonly string ModelSignature = modelSignature.Length == 8
        ? modelSignature.Replace(' ', '\0') : throw Contracts.Except("Model signature must be eight characters");

    public readonly uint VerWrittenCur = verWrittenCur;
    public readonly uint VerReadableCur = verReadableCur;
    public readonly uint VerWeCanReadBack = verWeCanReadBack;

    public readonly string LoaderSignature = loaderSignature.Length <= 24
        ? loaderSignature : throw Contracts.Except("Loader signature must be at most 24 characters");

    public readonly string LoaderAssemblyName = loaderAssemblyName ?? typeof(VersionInfo).Assembly.FullName;

    /// <summary>The first version of a format.</summary>
    public VersionInfo(string modelSignature, string loaderSignature)
        : this(modelSignature, 0x00010001, 0x00010001, 0x00010001, loaderSignature)
    {
    }
}

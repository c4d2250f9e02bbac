namespace Polyfills.Tests.OnnxRuntime;

/// <summary>An ONNX model: y = x·((1, 2), (3, 4), (5, 6))ᵀ + (10, 20, 30) and the sum of each row, for x of (batch, 2).</summary>
internal static class AffineModel
{
    public static byte[] Bytes { get; } = Convert.FromBase64String(
        "CAgSF01pY3Jvc29mdC5NTC5HZW5lcmF0aXZlGgUxLjAuMDqQAwo+CgF4Cgl3ZWlnaHRzXzAKCXdlaWdodHNfMRIGR2VtbV8yGgZHZW1tXzIiBEdlbW0qDQoGdHJhbnNCGA" +
        "GgAQIKIQoGR2VtbV8yEgF5GgpJZGVudGl0eV8zIghJZGVudGl0eQpFCgF4Cgpjb25zdGFudF80EgtSZWR1Y2VTdW1fNRoLUmVkdWNlU3VtXzUiCVJlZHVjZVN1bSoPCghr" +
        "ZWVwZGltcxgAoAECCigKC1JlZHVjZVN1bV81EgNzdW0aCklkZW50aXR5XzYiCElkZW50aXR5EgZhZmZpbmUqKwgDCAIQAUIJd2VpZ2h0c18wShgAAIA/AAAAQAAAQEAAAI" +
        "BAAACgQAAAwEAqHQgDEAFCCXdlaWdodHNfMUoMAAAgQQAAoEEAAPBBKhoIARAHQgpjb25zdGFudF80SggBAAAAAAAAAFoYCgF4EhMKEQgBEg0KBxIFYmF0Y2gKAggCYhgK" +
        "AXkSEwoRCAESDQoHEgViYXRjaAoCCANiFgoDc3VtEg8KDQgBEgkKBxIFYmF0Y2hCBAoAEBFyDgoGYXV0aG9yEgR0ZXN0");
}

namespace Polyfills.Tests.OnnxRuntime;

/// <summary>An ONNX model of text and key, (batch, 1) string and uint32: both, (batch, 2), where the text is among "one", "zwölf" and "", or 3, and the key; echo, the text. The slots of
/// both are named as ML.NET names them, "Place" and "Key ü".</summary>
internal static class TextModel
{
    public static byte[] Bytes { get; } = Convert.FromBase64String(
        "CAgSF01pY3Jvc29mdC5NTC5HZW5lcmF0aXZlGgUxLjAuMDqIBQqSAQoEdGV4dBIOTGFiZWxFbmNvZGVyXzAaDkxhYmVsRW5jb2Rlcl8wIgxMYWJlbEVuY29kZXIqIAoMa2V5c1" +
        "9zdHJpbmdzSgNvbmVKBnp3w7ZsZkoAoAEIKhgKDXZhbHVlc19pbnQ2NHNAAEABQAKgAQcqFAoNZGVmYXVsdF9pbnQ2NBgDoAECOgphaS5vbm54Lm1sCjEKDkxhYmVsRW5jb2Rl" +
        "cl8wEgZDYXN0XzEaBkNhc3RfMSIEQ2FzdCoJCgJ0bxgBoAECCiYKA2tleRIGQ2FzdF8yGgZDYXN0XzIiBENhc3QqCQoCdG8YAaABAgo5CgZDYXN0XzEKBkNhc3RfMhIIQ29uY2" +
        "F0XzMaCENvbmNhdF8zIgZDb25jYXQqCwoEYXhpcxgBoAECCiYKCENvbmNhdF8zEgRib3RoGgpJZGVudGl0eV80IghJZGVudGl0eQqDAQoHdGV4dHNfNRIOTGFiZWxFbmNvZGVy" +
        "XzYaFG1sbmV0LmJvdGguU2xvdE5hbWVzIgxMYWJlbEVuY29kZXIqIAoMa2V5c19zdHJpbmdzSgVQbGFjZUoGS2V5IMO8oAEIKhYKDXZhbHVlc19pbnQ2NHNAAEABoAEHOgphaS" +
        "5vbm54Lm1sCiIKBHRleHQSBGVjaG8aCklkZW50aXR5XzciCElkZW50aXR5EgV0ZXh0cyoPCAEQCDIAQgd0ZXh0c181WhsKBHRleHQSEwoRCAgSDQoHEgViYXRjaAoCCAFaGgoD" +
        "a2V5EhMKEQgMEg0KBxIFYmF0Y2gKAggBYhsKBGJvdGgSEwoRCAESDQoHEgViYXRjaAoCCAJiGwoEZWNobxITChEICBINCgcSBWJhdGNoCgIIAUIECgAQEUIOCgphaS5vbm54Lm" +
        "1sEAI=");
}

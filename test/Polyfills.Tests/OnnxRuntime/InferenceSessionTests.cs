using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Polyfills.Tests.OnnxRuntime;

public class InferenceSessionTests
{
    private static readonly float[] OneRow = [1, 1];

    [Fact]
    public void A_session_describes_its_model()
    {
        using var session = new InferenceSession(AffineModel.Bytes);

        Assert.Equal(["x"], session.InputNames);
        Assert.Equal(["y", "sum"], session.OutputNames);
        var input = session.InputMetadata["x"];
        Assert.True(input.IsTensor);
        Assert.Equal(typeof(float), input.ElementType);
        Assert.Equal(TensorElementType.Float, input.ElementDataType);
        Assert.Equal([-1, 2], input.Dimensions);
        Assert.Equal(["batch", ""], input.SymbolicDimensions);
        Assert.Equal([-1], session.OutputMetadata["sum"].Dimensions);
        Assert.Equal("affine", session.ModelMetadata.GraphName);
        Assert.Equal("test", Assert.Single(session.ModelMetadata.CustomMetadataMap).Value);
    }

    [Fact]
    public void Named_values_go_in_and_come_out()
    {
        using var session = new InferenceSession(AffineModel.Bytes);
        var x = new DenseTensor<float>(new float[] { 1, 0, 0, 1 }, [2, 2]);

        using var results = session.Run([NamedOnnxValue.CreateFromTensor("x", x)]);

        Assert.Equal(["y", "sum"], results.Select(result => result.Name));
        var y = results[0].AsTensor<float>();
        Assert.Equal([2, 3], y.Dimensions.ToArray());
        Assert.Equal([11f, 23f, 35f, 12f, 24f, 36f], y);
        Assert.Equal(35f, y[0, 2]);
        Assert.Equal([1f, 1f], results[1].AsEnumerable<float>());
        Assert.Null(results[0].AsTensor<double>());
    }

    [Fact]
    public void Texts_go_in_and_come_out()
    {
        using var session = new InferenceSession(TextModel.Bytes);
        Assert.True(session.InputMetadata["text"].IsString);
        Assert.Equal(typeof(string), session.InputMetadata["text"].ElementType);
        string[] texts = ["zwölf", "", "no one", "one"];
        using var results = session.Run(
        [
            NamedOnnxValue.CreateFromTensor("text", new DenseTensor<string>(texts, [4, 1])),
            NamedOnnxValue.CreateFromTensor("key", new DenseTensor<uint>(new uint[] { 0, 1, 2, 3 }, [4, 1])),
        ]);
        Assert.Equal([1f, 0, 2, 1, 3, 2, 0, 3], results[0].AsTensor<float>());
        Assert.Equal([4, 1], results[1].AsTensor<string>().Dimensions.ToArray());
        Assert.Equal(texts, results[1].AsTensor<string>());

        using var value = OrtValue.CreateFromStringTensor(new DenseTensor<string>(texts, [2, 2]));
        Assert.True(value.GetTensorTypeAndShape().IsString);
        Assert.Equal([2L, 2], value.GetTensorTypeAndShape().Shape);
        Assert.Equal(texts, value.GetStringTensorAsArray());
    }

    [Fact]
    public void Only_the_outputs_asked_for_are_given_in_their_order()
    {
        using var session = new InferenceSession(AffineModel.Bytes);
        using var x = OrtValue.CreateTensorValueFromMemory(OneRow, [1, 2]);
        using var options = new RunOptions();

        using var results = session.Run(options, ["x"], [x], ["sum", "y"]);

        Assert.Equal([2f], results[0].GetTensorDataAsSpan<float>().ToArray());
        Assert.Equal([1, 3], results[1].GetTensorTypeAndShape().Shape);
        Assert.Equal([13f, 27f, 41f], results[1].GetTensorDataAsSpan<float>().ToArray());
    }

    [Fact]
    public void Results_are_written_into_the_callers_memory()
    {
        using var session = new InferenceSession(AffineModel.Bytes);
        float[] input = [1, 1], output = new float[3];
        using var x = OrtValue.CreateTensorValueFromMemory(input, [1, 2]);
        using var y = OrtValue.CreateTensorValueFromMemory(output, [1, 3]);

        session.Run(null, ["x"], [x], ["y"], [y]);
        Assert.Equal([13f, 27f, 41f], output);

        input[0] = 0;   // the value sees the array, not a copy of it
        session.Run(null, ["x"], [x], ["y"], [y]);
        Assert.Equal([12f, 24f, 36f], output);
    }

    [Fact]
    public void Memory_of_the_library_is_given_out_and_taken_back()
    {
        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.Int64, [2, 2]);
        value.GetTensorMutableDataAsSpan<long>().Fill(7);

        Assert.True(value.IsTensor);
        Assert.Equal(OnnxValueType.ONNX_TYPE_TENSOR, value.OnnxType);
        Assert.Equal([7L, 7L, 7L, 7L], value.GetTensorDataAsSpan<long>().ToArray());
        Assert.Throws<OnnxRuntimeException>(() => value.GetTensorDataAsSpan<float>().Length);
        value.Dispose();
        value.Dispose();
        Assert.Throws<ObjectDisposedException>(() => value.GetTensorDataAsSpan<long>().Length);
    }

    [Fact]
    public void A_result_that_is_disposed_cannot_be_read()
    {
        using var session = new InferenceSession(AffineModel.Bytes);
        var results = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(OneRow, [1, 2]))]);
        var y = results[0].AsTensor<float>();
        results.Dispose();
        Assert.Throws<ObjectDisposedException>(() => y.GetValue(0));
    }

    [Fact]
    public void What_does_not_fit_is_an_error_with_the_words_of_the_library()
    {
        using var session = new InferenceSession(AffineModel.Bytes);
        string Refused(NamedOnnxValue value) => Assert.Throws<OnnxRuntimeException>(() => session.Run([value])).Message;

        Assert.StartsWith("[ErrorCode:InvalidArgument] Got invalid dimensions for input: x", Refused(NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>([1, 3]))));
        Assert.StartsWith("[ErrorCode:InvalidArgument] Unexpected input data type.", Refused(NamedOnnxValue.CreateFromTensor("x", new DenseTensor<double>([1, 2]))));
        Assert.Equal("[ErrorCode:InvalidArgument] Input name: 'z' is not in the metadata", Refused(NamedOnnxValue.CreateFromTensor("z", new DenseTensor<float>([1, 2]))));
        Assert.StartsWith("[ErrorCode:InvalidArgument] Unexpected input data type.", Refused(NamedOnnxValue.CreateFromTensor("x", new DenseTensor<string>([1, 2]))));
        Assert.Contains("is not in the metadata", Assert.Throws<OnnxRuntimeException>(() => session.Run([], ["none"])).Message);
        Assert.Throws<OnnxRuntimeException>(() => OrtValue.CreateTensorValueFromMemory(new float[3], [2, 2]));
    }

    [Fact]
    public void Bytes_that_are_no_model_and_files_that_are_not_there_are_errors()
    {
        Assert.StartsWith("[ErrorCode:InvalidProtobuf]", Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(new byte[] { 1, 2, 3 })).Message);
        Assert.StartsWith("[ErrorCode:NoSuchFile]", Assert.Throws<OnnxRuntimeException>(() => new InferenceSession("none.onnx")).Message);
    }

    [Fact]
    public void A_model_is_read_from_a_file_with_options()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, AffineModel.Bytes);
            using var options = new SessionOptions { IntraOpNumThreads = 1, GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, LogId = "test" };
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            using var session = new InferenceSession(path, options);
            Assert.Equal(["x"], session.InputNames);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_run_that_is_told_to_stop_ends_with_an_error()
    {
        using var session = new InferenceSession(AffineModel.Bytes);
        using var options = new RunOptions { Terminate = true };
        var x = NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(OneRow, [1, 2]));
        Assert.Contains("terminate flag", Assert.Throws<OnnxRuntimeException>(() => session.Run([x], ["y"], options)).Message);
    }

    [Fact]
    public void Threads_share_a_session()
    {
        using var session = new InferenceSession(AffineModel.Bytes);
        Parallel.For(0, 200, i =>
        {
            using var results = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(new float[] { i, 0 }, [1, 2]))]);
            Assert.Equal([10f + i, 20f + (3 * i), 30f + (5 * i)], results[0].AsTensor<float>());
        });
    }

    [Fact]
    public void A_session_that_is_disposed_cannot_run()
    {
        var session = new InferenceSession(AffineModel.Bytes);
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(OneRow, [1, 2]))]));
    }

    [Fact]
    public void The_environment_knows_its_version_and_its_providers()
    {
        Assert.Matches(@"^1\.\d+\.\d+", OrtEnv.Instance().GetVersionString());
        Assert.Contains("CPUExecutionProvider", OrtEnv.Instance().GetAvailableProviders());
        Assert.True(OrtEnv.IsCreated);
    }
}

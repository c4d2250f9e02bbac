namespace MLGenerative.Bench;

/// <summary>What was asked for can't be done: the message is the one line that the user gets, with exit status 2.</summary>
internal sealed class BadRequestException(string message) : Exception(message)
{
    /// <summary>Does work on an input, and says whose fault it is if the library refuses the input.</summary>
    public static T Blame<T>(string input, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            throw new BadRequestException($"{input}: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }
}

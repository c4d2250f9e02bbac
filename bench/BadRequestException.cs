namespace MLGenerative.Bench;

/// <summary>What was asked for can't be done: the message is the one line that the user gets, with exit status 2.</summary>
internal sealed class BadRequestException(string message) : Exception(message);

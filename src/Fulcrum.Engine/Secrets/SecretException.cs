namespace Fulcrum.Engine.Secrets;

/// <summary>A secret cannot be had; the message tells where it should be, never what it is.</summary>
public sealed class SecretException : Exception
{
    public SecretException(string message)
        : base(message) { }

    public SecretException(string message, Exception inner)
        : base(message, inner) { }

    public SecretException() { }
}

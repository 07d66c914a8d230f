namespace Fulcrum.Notifying;

/// <summary>A hook was not told.</summary>
internal sealed class HookException : Exception
{
    public HookException(string message)
        : base(message) { }

    public HookException(string message, Exception inner)
        : base(message, inner) { }

    public HookException() { }
}

using System.Runtime.InteropServices;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls;

/// <summary>Something that TLS needs cannot be had or used: a certificate, a key, a setting. The message tells which, and why.</summary>
public sealed class TlsException : Exception
{
    public TlsException() { }

    public TlsException(string message)
        : base(message) { }

    public TlsException(string message, Exception? inner)
        : base(message, inner) { }

    /// <summary>With the library's first reason.</summary>
    internal static TlsException FromLibrary(string what)
    {
        var error = Crypto.NextError();
        Crypto.ClearErrors();
        return new(error == 0 ? what : $"{what}: {Describe(error)}");
    }

    internal static unsafe string Describe(ulong error) =>
        Marshal.PtrToStringUTF8((nint)Crypto.ReasonOf(error)) ?? $"error {error:x}";
}

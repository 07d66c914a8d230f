using System.Runtime.InteropServices;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls;

/// <summary>Something that TLS needs cannot be had: a certificate, a key, a setting.</summary>
public sealed class TlsException(string message) : Exception(message)
{
    /// <summary>With the library's newest reason.</summary>
    internal static TlsException FromLibrary(string what)
    {
        var error = Crypto.NextError();
        return new(error == 0 ? what : $"{what}: {Describe(error)}");
    }

    internal static unsafe string Describe(ulong error) =>
        Marshal.PtrToStringUTF8((nint)Crypto.ReasonOf(error)) ?? $"error {error:x}";
}

namespace Fulcrum.Tls.OpenSsl;

/// <summary>A certificate in the library's hands, for as long as it is handed over.</summary>
internal readonly unsafe ref struct NativeCertificate
{
    private NativeCertificate(nint pointer) => Pointer = pointer;

    public nint Pointer { get; }

    public static NativeCertificate Read(ReadOnlySpan<byte> der, string place)
    {
        fixed (byte* bytes = der)
        {
            var at = bytes;
            var pointer = Crypto.ReadCertificate(null, &at, der.Length);
            return pointer == 0 ? throw TlsException.FromLibrary($"{place}: a certificate is damaged") : new(pointer);
        }
    }

    /// <summary>DER.</summary>
    public static byte[] Write(nint certificate)
    {
        var der = new byte[Crypto.WriteCertificate(certificate, null)];
        fixed (byte* bytes = der)
        {
            var at = bytes;
            _ = Crypto.WriteCertificate(certificate, &at);
        }
        return der;
    }

    public void Dispose() => Crypto.FreeCertificate(Pointer);
}

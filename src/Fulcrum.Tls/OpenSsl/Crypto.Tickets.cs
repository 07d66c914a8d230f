using System.Runtime.InteropServices;

namespace Fulcrum.Tls.OpenSsl;

/// <summary>Entry points for the protection of tickets.</summary>
internal static unsafe partial class Crypto
{
    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_fetch")]
    internal static partial nint FindCipher(nint library, byte* name, byte* properties);

    [LibraryImport(Library, EntryPoint = "EVP_EncryptInit_ex2")]
    internal static partial int BeginEncrypting(nint context, nint cipher, byte* key, byte* start, nint parameters);

    [LibraryImport(Library, EntryPoint = "EVP_DecryptInit_ex2")]
    internal static partial int BeginDecrypting(nint context, nint cipher, byte* key, byte* start, nint parameters);

    [LibraryImport(Library, EntryPoint = "EVP_MAC_CTX_set_params")]
    internal static partial int SetMac(nint context, Parameter* parameters);

    [LibraryImport(Library, EntryPoint = "RAND_bytes")]
    internal static partial int Random(byte* buffer, int length);
}

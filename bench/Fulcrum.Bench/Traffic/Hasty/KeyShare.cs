using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Fulcrum.Bench.Traffic.Hasty;

/// <summary>X25519 (RFC 7748), which the runtime does not offer: by OpenSSL, with one key for everything.</summary>
internal static unsafe partial class KeyShare
{
    public const int Length = 32;

    private const string Library = "libcrypto.so.3";
    private const int X25519 = 1034;

    private static readonly nint Key = NewKey();

    /// <summary>What the other side is told.</summary>
    public static byte[] Public { get; } = FindPublic();

    /// <summary>What both have in common.</summary>
    public static byte[] Agree(ReadOnlySpan<byte> theirs)
    {
        var shared = new byte[Length];
        nuint length = Length;
        fixed (
            byte* other = theirs,
                result = shared
        )
        {
            var peer = NewPublicKey(X25519, 0, other, Length);
            var context = NewContext(Key, 0);
            var isDone =
                BeginAgreeing(context) == 1
                && SetPeer(context, peer) == 1
                && EndAgreeing(context, result, &length) == 1;
            FreeContext(context);
            FreeKey(peer);
            return isDone ? shared : throw new CryptographicException("the server's key share cannot be used");
        }
    }

    private static nint NewKey()
    {
        fixed (byte* secret = RandomNumberGenerator.GetBytes(Length))
        {
            return NewPrivateKey(X25519, 0, secret, Length);
        }
    }

    private static byte[] FindPublic()
    {
        var found = new byte[Length];
        nuint length = Length;
        fixed (byte* result = found)
        {
            return ReadPublicKey(Key, result, &length) == 1
                ? found
                : throw new CryptographicException("OpenSSL does not know X25519");
        }
    }

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    private static partial nint NewPrivateKey(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    private static partial nint NewPublicKey(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    private static partial int ReadPublicKey(nint key, byte* result, nuint* length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    private static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_new")]
    private static partial nint NewContext(nint key, nint engine);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_init")]
    private static partial int BeginAgreeing(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive_set_peer")]
    private static partial int SetPeer(nint context, nint peer);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_derive")]
    private static partial int EndAgreeing(nint context, byte* result, nuint* length);
}

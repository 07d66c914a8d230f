using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fulcrum.Api.Access.Tokens;

/// <summary>
/// The token itself: 256 random bits after a prefix by which people and scanners of repositories know what they have
/// found. Only its SHA-256 is kept. A slow hash with salt is for passwords, which can be guessed; of 2^256 tokens
/// nobody tries a noticeable part, and a hash that is slow for us would only help those who want us busy.
/// </summary>
public static class TokenSecret
{
    public const string Prefix = "fulcrum_";

    private const int Length = 32;
    private const int LettersOf32 = 43;

    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));

    /// <summary>It has the form of one.</summary>
    public static bool IsOne(string text) =>
        text.Length == Prefix.Length + LettersOf32
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && Base64Url.IsValid(text.AsSpan(Prefix.Length));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));
}

using System.Text;

namespace Fulcrum.Protocols.Radius;

/// <summary>
/// Who wants in. With a challenge, random and of 16 bytes, the password is proven (CHAP, RFC 2865 section 5.3);
/// without one it is sent, hidden (PAP, section 5.2).
/// </summary>
public sealed record RadiusLogin(string User, ReadOnlyMemory<byte> Password, ReadOnlyMemory<byte> Challenge = default)
{
    /// <summary>Bytes of a hidden password.</summary>
    public const int MaxPassword = 128;

    /// <summary>Why this cannot be sent; null when it can.</summary>
    public string? Problem =>
        Encoding.UTF8.GetByteCount(User) is 0 or > RadiusWriter.MaxValue
            ? $"a user's name has 1 to {RadiusWriter.MaxValue} bytes"
        : Challenge.IsEmpty && Password.Length > MaxPassword ? $"a password has at most {MaxPassword} bytes"
        : Challenge.Length > RadiusWriter.MaxValue ? $"a challenge has at most {RadiusWriter.MaxValue} bytes"
        : null;
}

using System.Text;
using Fulcrum.Model.Values;

namespace Fulcrum.Tls.Certificates;

/// <summary>Reads what a key is encrypted with.</summary>
internal static class Passphrase
{
    private const int Longest = 4096;

    /// <summary>Without the line's end that editors put behind it.</summary>
    /// <exception cref="TlsException">It cannot be had.</exception>
    public static string Read(SecretReference reference)
    {
        if (reference.File is not { } file)
        {
            return Environment.GetEnvironmentVariable(reference.Variable!)
                ?? throw new TlsException($"the passphrase: the environment has no {reference.Variable}");
        }
        var bytes = BoundedFile.Read(file, out var isOpenToAll);
        if (isOpenToAll)
        {
            throw new TlsException($"{file}: everybody can read the passphrase; 'chmod o-r {file}' helps");
        }
        return bytes.Length <= Longest
            ? Encoding.UTF8.GetString(bytes.AsSpan().TrimEnd("\r\n"u8))
            : throw new TlsException($"{file}: is longer than {Longest} bytes, but a passphrase is expected");
    }
}

using System.Text;
using Fulcrum.Model.Values;

namespace Fulcrum.Tls.Certificates;

/// <summary>Reads secrets that are short, and for nobody else to read.</summary>
internal static class SecretBytes
{
    private const int Longest = 4096;

    /// <summary>Without the line's end that editors put behind it.</summary>
    /// <param name="what">What messages call it.</param>
    /// <exception cref="TlsException">It cannot be had.</exception>
    public static byte[] Read(SecretReference reference, string what)
    {
        if (reference.File is not { } file)
        {
            return Encoding.UTF8.GetBytes(
                Environment.GetEnvironmentVariable(reference.Variable!)
                    ?? throw new TlsException($"the {what}: the environment has no {reference.Variable}")
            );
        }
        var bytes = BoundedFile.Read(file, out var isOpenToAll);
        if (isOpenToAll)
        {
            throw new TlsException($"{file}: everybody can read the {what}; 'chmod o-r {file}' helps");
        }
        return bytes.Length <= Longest
            ? bytes.AsSpan().TrimEnd("\r\n"u8).ToArray()
            : throw new TlsException($"{file}: is longer than {Longest} bytes, but a {what} is expected");
    }
}

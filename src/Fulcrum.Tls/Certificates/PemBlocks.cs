using System.Security.Cryptography;
using System.Text;

namespace Fulcrum.Tls.Certificates;

/// <summary>Reads PEM files: what stands between blocks is passed over, as everybody does.</summary>
internal static class PemBlocks
{
    // OpenSSL wrote keys so until 1.0; their key derivation is a single round of MD5.
    private static ReadOnlySpan<byte> OldEncryption => "Proc-Type: 4,ENCRYPTED"u8;

    /// <exception cref="TlsException">It cannot be read.</exception>
    public static IReadOnlyList<PemBlock> Load(string file) => Read(file, BoundedFile.Read(file));

    /// <exception cref="TlsException">A block is encrypted in a way that is not supported.</exception>
    public static IReadOnlyList<PemBlock> Read(string place, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOf(OldEncryption) >= 0)
        {
            throw new TlsException(
                $"{place}: the key is encrypted in the old way of OpenSSL; 'openssl pkcs8 -topk8 -in OLD -out NEW' makes a PKCS#8 one"
            );
        }
        var text = new char[bytes.Length];
        try
        {
            _ = Encoding.Latin1.GetChars(bytes, text);
            return Read(place, text);
        }
        finally
        {
            Array.Clear(text);
        }
    }

    private static List<PemBlock> Read(string place, ReadOnlySpan<char> text)
    {
        var blocks = new List<PemBlock>();
        while (PemEncoding.TryFind(text, out var fields))
        {
            var label = text[fields.Label].ToString();
            var data = new byte[fields.DecodedDataLength];
            if (!Convert.TryFromBase64Chars(text[fields.Base64Data], data, out _))
            {
                throw new TlsException($"{place}: {label} is damaged");
            }
            blocks.Add(new(label, data));
            text = text[fields.Location.End..];
        }
        return blocks;
    }
}

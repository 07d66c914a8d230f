using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Fulcrum.Proxy.AccessLogs;

/// <summary>
/// What else is known of a session: what its routes have written, and what its TLS hello said. Clients and files decide how
/// much that is, so that there are bounds to what comes into a line.
/// </summary>
internal static class AccessFields
{
    private const int MostFields = 32;
    private const int MostCharacters = 256;

    /// <summary>As words <c>path=value</c> behind the others.</summary>
    public static void Write(IBufferWriter<byte> to, in AccessRecord record)
    {
        foreach (var (path, value) in Of(record))
        {
            to.Write(" "u8);
            VisibleText.Write(to, Encoding.UTF8.GetBytes(path), " ="u8);
            to.Write("="u8);
            VisibleText.Write(to, Encoding.UTF8.GetBytes(value), " "u8);
        }
    }

    /// <summary>As an object <c>metadata</c>, if there is anything.</summary>
    public static void Write(Utf8JsonWriter json, in AccessRecord record)
    {
        var isOpen = false;
        foreach (var (path, value) in Of(record))
        {
            if (!isOpen)
            {
                json.WriteStartObject("metadata");
                isOpen = true;
            }
            json.WriteString(path, value);
        }
        if (isOpen)
        {
            json.WriteEndObject();
        }
    }

    private static IEnumerable<(string Path, string Value)> Of(in AccessRecord record)
    {
        if (record is { Metadata: null, ServerName: null, Protocols: null, Tls: null })
        {
            return [];
        }
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (record.ServerName is { } name)
        {
            fields["tls.sni"] = name;
        }
        if (record.Protocols is { } protocols)
        {
            fields["tls.alpn"] = protocols;
        }
        if (record.Tls is { } tls)
        {
            fields["tls.version"] = tls.VersionWord;
            fields["tls.cipher"] = tls.Cipher;
            if (!tls.Subjects.IsEmpty)
            {
                fields["tls.client-subject"] = string.Join(',', tls.Subjects);
            }
        }
        foreach (var (path, value) in record.Metadata?.Written ?? [])
        {
            fields[path] = value.Written;
        }
        return fields.Take(MostFields).Select(field => (Cut(field.Key), Cut(field.Value)));
    }

    private static string Cut(string text) => text.Length <= MostCharacters ? text : $"{text[..MostCharacters]}…";
}

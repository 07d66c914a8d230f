using System.Text;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Routing;

/// <summary>Names of application protocols as TLS lists them (RFC 7301 section 3.1): each with its length before it.</summary>
public static class ProtocolList
{
    public const int MaxName = byte.MaxValue;

    /// <summary>Takes the first name; false: there is none, or the list is broken.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (list.IsEmpty || list[0] == 0 || list[0] >= list.Length)
        {
            return false;
        }

        name = list.Slice(1, list[0]);
        list = list[(1 + name.Length)..];
        return true;
    }

    public static Items<string> Read(ReadOnlySpan<byte> list)
    {
        var names = new List<string>();
        while (TryTake(ref list, out var name))
        {
            names.Add(Encoding.Latin1.GetString(name));
        }

        return Items.From(names);
    }

    /// <exception cref="ArgumentException">A name is empty, or longer than <see cref="MaxName"/> bytes.</exception>
    public static byte[] Write(IEnumerable<string> names)
    {
        var list = new List<byte>();
        foreach (var name in names)
        {
            var bytes = Encoding.UTF8.GetBytes(name);
            if (bytes.Length is 0 or > MaxName)
            {
                throw new ArgumentException($"'{name}' is no name of a protocol: expected 1 to {MaxName} bytes");
            }

            list.Add((byte)bytes.Length);
            list.AddRange(bytes);
        }

        return [.. list];
    }
}

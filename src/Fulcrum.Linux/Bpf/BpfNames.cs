using System.Text;

namespace Fulcrum.Linux.Bpf;

/// <summary>Names as the kernel takes them: 15 letters, digits, dots and underscores, for people who look.</summary>
internal static class BpfNames
{
    public static void Write(string name, Span<byte> room)
    {
        room.Clear();
        var text = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' ? letter : '_');
        }

        var length = Math.Min(text.Length, room.Length - 1);
        Encoding.ASCII.GetBytes(text.ToString(0, length), room);
    }
}

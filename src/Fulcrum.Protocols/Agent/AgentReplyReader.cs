using System.Text;

namespace Fulcrum.Protocols.Agent;

/// <summary>
/// Reads the reply of an agent, from bytes as they come. It has one of two forms. HAProxy's agents ("agent-check")
/// say a line of words in any order, between blanks or commas: a weight (<c>75%</c>), a state (<c>up</c>,
/// <c>ready</c>, <c>drain</c>, <c>maint</c>, <c>down</c>, <c>fail</c>, <c>stopped</c>), <c>maxconn:30</c>, and behind a
/// number sign the reason. Or it is a JSON object: <c>{"state":"drain","weight":0.5,"reason":"backup"}</c>.
/// <para>
/// It ends with the line, the object, or the connection, and has at most <see cref="MaxLength"/> bytes.
/// </para>
/// </summary>
public sealed class AgentReplyReader
{
    public const int MaxLength = 1024;

    private readonly byte[] _held = new byte[MaxLength];
    private int _count;

    /// <summary>What was said; null until all of it has come.</summary>
    public AgentReply? Reply { get; private set; }

    /// <summary>Why this is no reply; null while it may be one.</summary>
    public string? Error { get; private set; }

    /// <summary>Takes the next bytes. False when they cannot belong to a reply: see <see cref="Error"/>.</summary>
    public bool Feed(ReadOnlySpan<byte> data)
    {
        if (Reply is not null || Error is not null)
        {
            return Error is null;
        }

        var part = data[..Math.Min(data.Length, MaxLength - _count)];
        part.CopyTo(_held.AsSpan(_count));
        _count += part.Length;
        Read(isAll: false);
        if (Reply is null && part.Length < data.Length)
        {
            Error ??= $"more than {MaxLength} bytes";
        }

        return Error is null;
    }

    /// <summary>The connection ended. False when there is no reply.</summary>
    public bool End()
    {
        if (Reply is null && Error is null)
        {
            Read(isAll: true);
        }

        return Reply is not null;
    }

    private void Read(bool isAll)
    {
        var text = _held.AsSpan(0, _count).TrimStart(" \t\r\n"u8);
        if (text.IsEmpty)
        {
            Error = isAll ? "it says nothing" : null;
            return;
        }

        if (text[0] == '{')
        {
            (Reply, Error) = AgentJson.Read(text, isAll);
            return;
        }

        var end = text.IndexOfAny("\r\n"u8);
        if (end >= 0 || isAll)
        {
            (Reply, Error) = AgentWords.Read(Encoding.UTF8.GetString(end < 0 ? text : text[..end]));
        }
    }
}

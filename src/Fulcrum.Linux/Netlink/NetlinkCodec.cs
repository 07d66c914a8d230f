using System.Diagnostics.CodeAnalysis;

namespace Fulcrum.Linux.Netlink;

/// <summary>How objects of one kind are written and read, by the kernel's numbers (rtnetlink(7)).</summary>
internal abstract class NetlinkCodec<T>
    where T : class
{
    /// <summary>The message that makes one and tells of one; the next number deletes, or tells of the end.</summary>
    public abstract ushort NewType { get; }

    public ushort DeleteType => (ushort)(NewType + 1);

    public ushort QuestionType => (ushort)(NewType + 2);

    /// <summary>The groups that are told of changes.</summary>
    public abstract uint[] Groups { get; }

    /// <summary>Several of them, in the words of an error.</summary>
    public abstract string Plural { get; }

    /// <summary>In the words of an error.</summary>
    public abstract string Describe(T item);

    /// <summary>Writes the family's header and the attributes.</summary>
    public abstract void Encode(NetlinkWriter writer, T item);

    /// <summary>Writes what tells which one is to be deleted.</summary>
    public virtual void EncodeKey(NetlinkWriter writer, T item) => Encode(writer, item);

    /// <summary>Asks for all.</summary>
    public abstract void EncodeQuestion(NetlinkWriter writer);

    /// <summary>False: it is not whole, or of a sort that is none of ours.</summary>
    public abstract bool TryDecode(ReadOnlySpan<byte> body, [NotNullWhen(true)] out T? item);
}

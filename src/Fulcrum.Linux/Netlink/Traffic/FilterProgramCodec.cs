namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>The options of a filter of kind bpf (TCA_BPF_*).</summary>
internal static class FilterProgramCodec
{
    private const ushort Descriptor = 6;
    private const ushort Name = 7;
    private const ushort Flags = 8;
    private const ushort Id = 11;
    private const uint DirectAction = 1;

    public static void Encode(NetlinkWriter writer, FilterProgram program)
    {
        writer.Put(Descriptor, program.Descriptor);
        writer.Put(Name, program.Name);
        writer.Put(Flags, DirectAction);
    }

    /// <summary>Null: it is one that decides by other means.</summary>
    public static FilterProgram? Decode(AttributeReader reader, out bool isWhole)
    {
        var (name, id, flags) = ("", 0u, 0u);
        while (reader.Next())
        {
            switch (reader.Type)
            {
                case Name:
                    name = reader.Text();
                    break;
                case Id:
                    id = reader.UInt32();
                    break;
                case Flags:
                    flags = reader.UInt32();
                    break;
            }
        }

        isWhole = reader.IsWhole;
        return (flags & DirectAction) != 0 ? new(name) { Id = id } : null;
    }
}

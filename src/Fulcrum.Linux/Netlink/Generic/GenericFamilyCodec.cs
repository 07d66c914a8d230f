using System.Diagnostics.CodeAnalysis;

namespace Fulcrum.Linux.Netlink.Generic;

/// <summary>What the controller of generic netlink says of a family (CTRL_ATTR_*, linux/genetlink.h).</summary>
internal static class GenericFamilyCodec
{
    public const ushort Controller = 16;
    public const byte ControllerVersion = 2;
    public const byte GetFamily = 3;
    public const ushort FamilyName = 2;

    private const byte NewFamily = 1;
    private const ushort FamilyId = 1;
    private const ushort FamilyVersion = 3;
    private const ushort MulticastGroups = 7;
    private const ushort GroupName = 1;
    private const ushort GroupId = 2;

    public static bool TryDecode(in NetlinkMessage message, [NotNullWhen(true)] out GenericFamily? family)
    {
        family = null;
        if (message.Type != Controller || !GenericMessage.TryRead(message.Body, out var command, out var attributes))
        {
            return false;
        }

        string? name = null;
        ushort id = 0;
        uint version = 0;
        var groups = new Dictionary<string, uint>(StringComparer.Ordinal);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case FamilyName:
                    name = attributes.Text();
                    break;
                case FamilyId:
                    id = attributes.UInt16();
                    break;
                case FamilyVersion:
                    version = attributes.UInt32();
                    break;
                case MulticastGroups:
                    ReadGroups(ref attributes, groups);
                    break;
            }
        }

        if (command != NewFamily || !attributes.IsWhole || name is null || id == 0)
        {
            return false;
        }

        family = new(name, id, version, groups);
        return true;
    }

    private static void ReadGroups(ref AttributeReader attributes, Dictionary<string, uint> groups)
    {
        var list = attributes.Nested();
        while (list.Next())
        {
            var name = "";
            uint id = 0;
            var group = list.Nested();
            while (group.Next())
            {
                switch (group.Type)
                {
                    case GroupName:
                        name = group.Text();
                        break;
                    case GroupId:
                        id = group.UInt32();
                        break;
                }
            }

            list.Include(group.IsWhole);
            groups[name] = id;
        }

        attributes.Include(list.IsWhole);
    }
}

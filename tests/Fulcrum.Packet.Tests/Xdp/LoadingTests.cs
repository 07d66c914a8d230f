using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Fulcrum.Forwarding.Xdp;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Linux.Bpf.Objects;
using Fulcrum.TestKit;

namespace Fulcrum.Packet.Tests.Xdp;

/// <summary>The kernel takes the program however it is loaded, and both sides have the same words for the same things.</summary>
[AlsoInGuest]
public sealed class LoadingTests
{
    private static readonly BpfObject[] Programs =
    [
        BalancerObject.Read(BalancerObject.AtDriver, new()),
        BalancerObject.Read(BalancerObject.AtTrafficControl, new()),
    ];

    public LoadingTests() => Require.Root();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void The_verifier_takes_it_without_any_feature(int without)
    {
        using var program = new XdpProgram(
            new()
            {
                MostConnections = 100,
                HasVlans = without != 1,
                HasIPv6 = without != 2,
                HasRanges = without != 3,
                HasPrefixes = without != 4,
                HasSources = without != 5,
                HasTunnels = without != 6,
                HasNat = without is not (7 or 8),
                HasConnections = without != 8,
                HasTap = without != 9,
            }
        );
        Assert.NotEqual(0u, program.Program.Id);
        Assert.NotEqual(0u, program.TcProgram.Id);
    }

    [Theory]
    [InlineData("vip_key", typeof(VipKey))]
    [InlineData("vip", typeof(VipEntry))]
    [InlineData("range_key", typeof(RangeKey))]
    [InlineData("prefix_key", typeof(PrefixKey))]
    [InlineData("source_key", typeof(SourceKey))]
    [InlineData("backend", typeof(BackendEntry))]
    [InlineData("flow", typeof(FlowKey))]
    [InlineData("connection", typeof(ConnectionEntry))]
    [InlineData("translation", typeof(TranslationEntry))]
    [InlineData("traffic", typeof(TrafficEntry))]
    [InlineData("tap", typeof(TapEntry))]
    [InlineData("tags", typeof(TableTags))]
    [InlineData("address_key", typeof(AddressKey))]
    [InlineData("interface", typeof(InterfaceEntry))]
    public void Structures_are_laid_out_as_the_programs_have_them(string name, Type type) =>
        Assert.All(Programs, program => Assert.Equal(Layout(type), program.Types.LayoutOf(name)));

    [Fact]
    public void Reasons_have_the_same_numbers()
    {
        string[] bounds = ["DROPPED", "SENT", "SAW", "REASONS", "READ"];
        var reasons = Enum.GetValues<Reason>().Select(reason => (reason.ToString().ToUpperInvariant(), (int)reason));
        Assert.All(
            Programs,
            program =>
                Assert.Equal(
                    program
                        .Types.NumbersOf("reason")
                        .Where(number => !bounds.Contains(number.Key))
                        .Select(number => (number.Key.Replace("_", "", StringComparison.Ordinal), number.Value)),
                    reasons
                )
        );
    }

    private static string Layout(Type type)
    {
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(field => (Name: NameOf(field), At: OffsetOf(type, field), Size: SizeOf(field.FieldType)))
            .OrderBy(field => field.At);
        return $"{SizeOf(type)}: " + string.Join(", ", fields.Select(field => $"{field.Name} {field.At}+{field.Size}"));
    }

    private static int OffsetOf(Type type, FieldInfo field) => (int)Marshal.OffsetOf(type, field.Name);

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static string NameOf(FieldInfo field)
    {
        var name = field.Name.TrimStart('<').Split('>')[0];
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            text.Append(char.IsUpper(letter) && text.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}

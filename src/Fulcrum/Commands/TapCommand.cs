using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Forwarding.Xdp.Tapping;
using Fulcrum.Hosting;
using Fulcrum.Linux;
using Fulcrum.Output;

namespace Fulcrum.Commands;

/// <summary>
/// <c>fulcrum tap</c>: packets that the planes xdp and tc forward, into a file. The kernel is asked, not the node: its tables have
/// names there, which root can open.
/// </summary>
internal static class TapCommand
{
    private static readonly string[] Planes = ["xdp", "tc"];

    /// <summary>What is only seen says more of a packet that also went in one of these ways.</summary>
    private static readonly string[] Reasons =
    [
        .. Enum.GetNames<Reason>().Where(name => !name.StartsWith("Saw", StringComparison.Ordinal)),
    ];

    public static Command Create()
    {
        var vip = Network("--vip", "Only packets for this address or network, and answers from there.");
        var from = Network("--from", "Only of this client: an address or a network.");
        var reason = new Option<Reason[]>("--reason")
        {
            Description = "Only those that went so: SentNat, DroppedDenied and so on. May be given several times.",
            HelpName = "WORD",
            CustomParser = ParseReasons,
        };
        var plane = new Option<string>("--plane")
        {
            Description = "xdp or tc. Default: the one that is there.",
            HelpName = "WORD",
        };
        plane.AcceptOnlyFromAmong(Planes);
        var count = Number("--count", "So many packets at most.", new TapOptions().MostPackets);
        var seconds = Number("--seconds", "So long at most.", (int)new TapOptions().MostTime.TotalSeconds);
        var bytes = Number(
            "--bytes",
            $"Of each packet, up to {TapOptions.MostSnapLength}.",
            new TapOptions().SnapLength
        );
        var file = new Option<string>("--write", "-w")
        {
            Description =
                "Where to, as pcapng: for tcpdump -r, or Wireshark, which shows each packet's reason as its comment.",
            HelpName = "FILE",
            Required = true,
        };
        var state = CommonOptions.State();
        var command = new Command(
            "tap",
            "Write packets that the planes xdp and tc forward to a file, with the reason of each."
        )
        {
            vip,
            from,
            reason,
            plane,
            count,
            seconds,
            bytes,
            file,
            state,
        };
        command.SetAction(
            (result, cancellation) =>
                RunAsync(
                    new()
                    {
                        Vip = result.GetValue(vip),
                        Client = result.GetValue(from),
                        Reasons = result.GetValue(reason) ?? [],
                        MostPackets = result.GetValue(count),
                        MostTime = TimeSpan.FromSeconds(result.GetValue(seconds)),
                        SnapLength = Math.Min(result.GetValue(bytes), TapOptions.MostSnapLength),
                    },
                    result.GetValue(plane),
                    StateDirectory.Choose(result.GetValue(state)),
                    result.GetValue(file)!,
                    Surroundings.Of(result),
                    cancellation
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        TapOptions options,
        string? plane,
        StateDirectory state,
        string path,
        Surroundings around,
        CancellationToken cancellation
    )
    {
        try
        {
            using var tap = (plane is null ? Planes : [plane])
                .Select(one => PacketTap.Open(state.Path, one, TimeProvider.System))
                .FirstOrDefault(one => one is not null);
            if (tap is null)
            {
                await around.Error.WriteLineAsync(
                    $"fulcrum: no plane {plane ?? "xdp or tc"} forwards for the node of {state.Path} (--state), or this is not root"
                );
                return CommandLine.NotSo;
            }

            using var signals = new Signals();
            signals.OnReload(signals.End);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(signals.Drain, cancellation);
            var names = NetworkInterface.GetAllNetworkInterfaces().ToDictionary(IndexOf, one => one.Name);
            await using var file = File.Create(path);
            var done = await tap.RunAsync(
                options,
                file,
                link => names.GetValueOrDefault(link) ?? $"interface {link}",
                end.Token
            );
            var lost = done.Lost > 0 ? $"; {done.Lost} lost, which came faster than they were written" : "";
            await around.Output.WriteLineAsync($"{done.Packets} packets in {path}{lost}");
            return CommandLine.Fine;
        }
        catch (LinuxException error)
        {
            await around.Error.WriteLineAsync($"fulcrum: {error.Message}");
            return CommandLine.NotSo;
        }
    }

    private static int IndexOf(NetworkInterface one) =>
        one.Supports(NetworkInterfaceComponent.IPv4) ? one.GetIPProperties().GetIPv4Properties().Index
        : one.Supports(NetworkInterfaceComponent.IPv6) ? one.GetIPProperties().GetIPv6Properties().Index
        : -one.Name.GetHashCode(StringComparison.Ordinal);

    private static Option<IPNetwork?> Network(string name, string about) =>
        new(name)
        {
            Description = about,
            HelpName = "PREFIX",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (IPAddress.TryParse(text, out var address))
                {
                    return new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
                }

                if (IPNetwork.TryParse(text, out var network))
                {
                    return network;
                }

                result.AddError($"{name}: found '{text}'; expected an address or a network: 192.0.2.0/24");
                return null;
            },
        };

    private static Reason[] ParseReasons(ArgumentResult result)
    {
        var reasons = new List<Reason>();
        foreach (var token in result.Tokens)
        {
            var name = Reasons.FirstOrDefault(one => one.Equals(token.Value, StringComparison.OrdinalIgnoreCase));
            if (name is null)
            {
                result.AddError($"--reason: found '{token.Value}'; expected {string.Join(", ", Reasons)}");
                break;
            }

            reasons.Add(Enum.Parse<Reason>(name));
        }

        return [.. reasons];
    }

    private static Option<int> Number(string name, string about, int usual)
    {
        var option = new Option<int>(name)
        {
            Description = about,
            HelpName = "N",
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() < 1)
            {
                result.AddError($"{name}: found '{result.Tokens[0].Value}'; expected 1 or more");
            }
        });
        return option;
    }
}

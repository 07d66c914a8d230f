using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Decapsulating;
using Fulcrum.Forwarding.Decapsulation;
using Fulcrum.Output;

namespace Fulcrum.Commands;

/// <summary><c>fulcrum decap</c>: at a backend. It asks no node, and keeps nothing.</summary>
internal static class DecapCommand
{
    private const string Hooks = "auto, xdp or tc";

    public static Command Create()
    {
        var link = new Option<string>("--interface")
        {
            Description = "Where tunnels come in.",
            HelpName = "NAME",
            Required = true,
        };
        var vips = new Option<IPAddress[]>("--vip")
        {
            Description = "What tunnels bring is taken out for this address; may be given several times.",
            HelpName = "ADDRESS",
            Required = true,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ParseVips,
        };
        var from = new Option<IPNetwork[]>("--from")
        {
            Description =
                "Only of this balancer: an address or a network. May be given several times. Default: anybody's.",
            HelpName = "PREFIX",
            CustomParser = ParseNetworks,
        };
        var port = new Option<int>("--gue-port")
        {
            Description = "The UDP port of GUE; 0: none.",
            HelpName = "PORT",
            DefaultValueFactory = _ => DecapsulatorOptions.UsualGuePort,
            CustomParser = ParsePort,
        };
        var hook = new Option<string>("--hook")
        {
            Description = $"{Hooks}. auto: the driver's, where it has one that fits, else traffic control's.",
            HelpName = "WORD",
            DefaultValueFactory = _ => "auto",
        };
        hook.AcceptOnlyFromAmong("auto", "xdp", "tc");
        var command = new Command(
            "decap",
            "Take tunnels off at a backend whose kernel has no device for them, until SIGTERM or SIGINT."
        )
        {
            link,
            vips,
            from,
            port,
            hook,
        };
        command.SetAction(
            (result, cancellation) =>
                new DecapRun(
                    result.GetValue(link)!,
                    new()
                    {
                        Vips = [.. result.GetValue(vips)!.Distinct()],
                        Balancers = result.GetValue(from) ?? [],
                        GuePort = result.GetValue(port) is var number and not 0 ? number : null,
                    },
                    HookOf(result.GetValue(hook)!),
                    Surroundings.Of(result)
                ).RunAsync(cancellation)
        );
        return command;
    }

    private static DecapsulatorHook? HookOf(string word) =>
        word switch
        {
            "xdp" => DecapsulatorHook.Driver,
            "tc" => DecapsulatorHook.TrafficControl,
            _ => null,
        };

    private static IPAddress[] ParseVips(ArgumentResult result)
    {
        var vips = new List<IPAddress>();
        foreach (var token in result.Tokens)
        {
            if (!TryParse(token.Value, out var address))
            {
                result.AddError($"--vip: found '{token.Value}'; expected an address: 192.0.2.10 or 2001:db8::10");
                break;
            }

            vips.Add(address);
        }

        return [.. vips];
    }

    private static IPNetwork[] ParseNetworks(ArgumentResult result)
    {
        var networks = new List<IPNetwork>();
        foreach (var token in result.Tokens)
        {
            if (TryParse(token.Value, out var address))
            {
                networks.Add(new(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
            }
            else if (IPNetwork.TryParse(token.Value, out var network))
            {
                networks.Add(network);
            }
            else
            {
                result.AddError($"--from: found '{token.Value}'; expected an address or a network: 10.0.0.0/28");
                break;
            }
        }

        return [.. networks];
    }

    // What has fewer parts than an address is one for the base library, too.
    private static bool TryParse(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || text.Count(letter => letter == '.') == 3)
        && !text.Contains('%', StringComparison.Ordinal);

    private static int ParsePort(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is >= 0 and <= ushort.MaxValue
        )
        {
            return port;
        }

        result.AddError($"--gue-port: found '{text}'; expected a number from 0 to 65535");
        return 0;
    }
}

using System.CommandLine;
using Fulcrum.Hosting;

namespace Fulcrum.Commands;

/// <summary>Questions to the running node: why is it so, and where would this go.</summary>
internal static class QuestionCommands
{
    public static IEnumerable<Command> Create() => [Explain(), Trace()];

    private static Command Explain()
    {
        var subject = new Argument<string>("KIND/NAME")
        {
            Description =
                "service/NAME, upstream/NAME, backend/UPSTREAM/NAME, check/UPSTREAM/BACKEND/CHECK, host/ADDRESS, vip/NAME, announcement/NAME, override/KIND/NAME or node/NAME.",
        };
        var state = CommonOptions.State();
        var output = CommonOptions.Output();
        var command = new Command("explain", "Say why something is as it is, down to the causes.")
        {
            subject,
            state,
            output,
        };
        command.SetAction(
            (result, cancellation) =>
                NodeQuestion.ShowAsync(
                    StateDirectory.Choose(result.GetValue(state)),
                    result.InvocationConfiguration,
                    HttpMethod.Get,
                    $"/api/v1/explain?subject={Uri.EscapeDataString(result.GetValue(subject)!)}",
                    null,
                    result.GetValue(output)!,
                    cancellation
                )
        );
        return command;
    }

    private static Command Trace()
    {
        var protocol = new Argument<string>("PROTO") { Description = "tcp, udp or unix." };
        protocol.AcceptOnlyFromAmong("tcp", "udp", "unix");
        var source = new Argument<string>("SRC")
        {
            Description = "The client: 192.0.2.7 or 192.0.2.7:40000; for unix a dash.",
        };
        var destination = new Argument<string>("DST")
        {
            Description = "What it connects to: 192.0.2.80:443, or for unix the path.",
        };
        var serverName = new Option<string>("--sni")
        {
            Description = "The TLS server name that the client sends.",
            HelpName = "NAME",
        };
        var protocols = new Option<string>("--alpn")
        {
            Description = "The application protocols that it offers in TLS, with commas: h2,http/1.1.",
            HelpName = "NAMES",
        };
        var state = CommonOptions.State();
        var output = CommonOptions.Output();
        var command = new Command("trace", "Say which service and backend a packet would get, and why.")
        {
            protocol,
            source,
            destination,
            serverName,
            protocols,
            state,
            output,
        };
        command.SetAction(
            (result, cancellation) =>
            {
                var query =
                    $"protocol={result.GetValue(protocol)}"
                    + $"&source={Uri.EscapeDataString(result.GetValue(source)!)}"
                    + $"&destination={Uri.EscapeDataString(result.GetValue(destination)!)}"
                    + (result.GetValue(serverName) is { } name ? $"&sni={Uri.EscapeDataString(name)}" : "")
                    + (result.GetValue(protocols) is { } names ? $"&alpn={Uri.EscapeDataString(names)}" : "");
                return NodeQuestion.ShowAsync(
                    StateDirectory.Choose(result.GetValue(state)),
                    result.InvocationConfiguration,
                    HttpMethod.Get,
                    $"/api/v1/trace?{query}",
                    null,
                    result.GetValue(output)!,
                    cancellation
                );
            }
        );
        return command;
    }
}

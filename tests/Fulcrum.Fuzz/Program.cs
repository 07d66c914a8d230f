using System.Globalization;
using Fulcrum.Protocols.Ldap;
using Fulcrum.Protocols.MySql;
using Fulcrum.Protocols.PostgreSql;
using Fulcrum.Protocols.Redis;
using Fulcrum.Protocols.Smtp;
using Fulcrum.TestKit;

namespace Fulcrum.Fuzz;

/// <summary>
/// <c>fuzz [--target NAME] [--runs N] [--seed S] [--bound SECONDS] [--output DIR]</c>, or <c>--target NAME --replay FILE</c>.
/// Exit code 1 when there was a failure, 2 for wrong use.
/// </summary>
internal static class Program
{
    private static readonly IFuzzTarget[] Targets =
    [
        new ConfigTarget(),
        new HttpResponseTarget(),
        new Http2Target(),
        new HpackTarget(),
        new GrpcHealthTarget(),
        new GreetingTarget("mysql", () => new MySqlGreeting("probe")),
        new GreetingTarget("postgresql", () => new PostgreSqlGreeting()),
        new GreetingTarget("redis", () => new RedisGreeting()),
        new GreetingTarget("smtp", () => new SmtpGreeting("probe.example")),
        new GreetingTarget("ldap", () => new LdapGreeting()),
        new AgentTarget(),
        new AcmeTarget(),
        .. ConversationTarget.All,
        new JournalTarget(),
        new TlsTarget(),
        new ClientHelloTarget(),
        new TlsEngineTarget(),
        new CertificateTarget(),
        new OcspTarget(),
        new ProxyHeaderTarget(),
        new DnsTarget(),
        new IcmpTarget(),
        new RadiusTarget(),
        new ApiTarget(),
        new TokensTarget(),
        new ExpositionTarget(),
        new HandoverTarget(),
        new LengthFramingTarget(),
        new NetlinkTarget(),
        new BpfObjectTarget(),
    ];

    public static int Main(string[] arguments)
    {
        // What the test runner passes to every executable.
        arguments = [.. arguments.Where(argument => argument != "-noColor")];
        var options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["--target"] = "all",
            ["--runs"] = "20000",
            ["--seed"] = Seeds.FromEnvironmentOrFresh().ToString(CultureInfo.InvariantCulture),
            ["--bound"] = "10",
            ["--output"] = Repository.PathOf("artifacts", "fuzz"),
            ["--replay"] = "",
        };
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (!options.ContainsKey(arguments[i]) || i + 1 == arguments.Length)
            {
                Console.Error.WriteLine(
                    $"unknown option or no value: {arguments[i]}; known: {string.Join(' ', options.Keys)}"
                );
                return 2;
            }

            options[arguments[i]] = arguments[i + 1];
        }

        var name = options["--target"];
        var chosen = Targets.Where(target => name == "all" || target.Name == name).ToList();
        if (
            chosen.Count == 0
            || !int.TryParse(options["--runs"], NumberStyles.None, CultureInfo.InvariantCulture, out var runs)
            || !int.TryParse(options["--seed"], NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            || !double.TryParse(options["--bound"], NumberStyles.Float, CultureInfo.InvariantCulture, out var bound)
        )
        {
            Console.Error.WriteLine(
                $"targets: {string.Join(' ', Targets.Select(target => target.Name))}; runs, seed and bound are numbers"
            );
            return 2;
        }

        var failures = 0;
        foreach (var target in chosen)
        {
            var corpus = Read(target);
            var mutator = new Mutator(seed, corpus);
            var run = new FuzzRun(target, options["--output"], TimeSpan.FromSeconds(bound));
            // The corpus itself first, then what becomes of it.
            var inputs =
                options["--replay"].Length > 0
                    ? [File.ReadAllBytes(options["--replay"])]
                    : corpus
                        .Concat(Enumerable.Range(0, runs).Select(_ => mutator.Next()))
                        .Take(Math.Max(runs, corpus.Count));
            run.Execute(inputs);
            foreach (var failure in run.Failures)
            {
                Console.WriteLine(failure);
            }

            Console.WriteLine($"fuzz {target.Name}: {run.Done} runs, seed {seed}, {run.Failures.Count} failures");
            failures += run.Failures.Count == 0 ? 0 : 1;
        }

        Console.WriteLine($"Total: {chosen.Count}, Errors: 0, Failed: {failures}, Skipped: 0, Not Run: 0");

        return failures == 0 ? 0 : 1;
    }

    private static List<byte[]> Read(IFuzzTarget target) =>
        [
            .. target
                .Corpus.SelectMany(folder =>
                    Directory.EnumerateFiles(Repository.PathOf(folder), "*", SearchOption.AllDirectories)
                )
                .Where(path => !path.EndsWith(".expected", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllBytes),
        ];
}

using Fulcrum.Bench;
using Fulcrum.Bench.Proxies;
using Fulcrum.Bench.Traffic;

return args switch
{
    ["proxy", .. var rest] => ProxyBenchmark.Run(rest),
    ["bare", var file] => BareRelay.Run(file),
    ["load", .. var rest] => LoadBenchmark.Run(rest),
    ["decide", .. var rest] => await DecideBenchmark.RunAsync(rest),
    ["scrape", .. var rest] => await ScrapeBenchmark.RunAsync(rest),
    ["checks", .. var rest] => ChecksBenchmark.Run(rest),
    ["xdp", .. var rest] => XdpBenchmark.Run(rest),
    ["offload", .. var rest] => OffloadBenchmark.Run(rest),
    ["control", .. var rest] => await ControlBenchmark.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        $"usage: Fulcrum.Bench {ProxyOptions.Usage} | load [--services N] [--backends N] | decide [--services N] [--backends N] [--changes N] | scrape [--services N] [--backends N] [--rounds N] | checks [--backends N] [--interval S] [--http N] [--dead N] [--seconds S] | xdp [--rounds N] [--packets N] [--frames N] | offload [--rounds N] [--seconds S] | control [--changes N] [--followed N] [--consumers N]"
    );
    return 2;
}

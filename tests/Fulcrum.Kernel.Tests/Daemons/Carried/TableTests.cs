namespace Fulcrum.Kernel.Tests.Daemons.Carried;

/// <summary>What ipvsadm shows of the file.</summary>
[Collection<CarriedCollection>]
public sealed class TableTests(CarriedServices services)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_shows_each_service_as_the_file_has_it_and_no_other(bool isSix)
    {
        var saved = (await services.Started()).Lab.Witness.Saved();
        var (front, mask) = isSix ? ("[2001:db8::80]", "64") : ("192.0.2.80", "255.255.255.0");
        var (vlan, macvlan) = isSix ? ("[fd00:100::80]", "[2001:db8::83]") : ("10.100.0.80", "192.0.2.83");
        var dummies = isSix ? "[2001:db8:1::8" : "198.51.100.8";
        var end = isSix ? "]" : "";
        var marked = isSix ? "-6 " : "";
        string[] expected =
        [
            $"-A --sctp-service {front}:3868 -s wrr",
            $"-A --sctp-service {front}:3869 -s wrr",
            // The ranges, all ports, and what belongs together.
            .. Enumerable.Repeat($"-A -f OURS {marked}-s wrr", 6),
            $"-A -f OURS {marked}-s wrr -p 300",
            $"-A -f 77 {marked}-s wrr",
            $"-A -t {front}:81 -s wrr",
            $"-A -t {front}:82 -s wrr -p 300 -M {mask}",
            $"-A -t {front}:83 -s wrr",
            $"-A -t {front}:84 -s wrr",
            $"-A -t {front}:85 -s wrr",
            $"-A -t {vlan}:80 -s wrr",
            $"-A -t {macvlan}:80 -s wrr",
            $"-A -t {dummies}0{end}:80 -s wrr",
            $"-A -t {dummies}1{end}:80 -s wrr",
            $"-A -u {front}:53 -s wrr -o",
            $"-A -u {front}:54 -s wrr",
            $"-A -u {front}:55 -s wrr -o",
        ];
        var seen = saved
            .Select(line => line.Split(' '))
            .Where(words => words[0] == "-A" && IsSix(words) == isSix)
            .Select(words => string.Join(' ', words.Select((word, at) => at == 2 && IsOurs(words) ? "OURS" : word)));
        Assert.Equal(expected.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    private static bool IsSix(string[] words) => words[1] == "-f" ? words.Contains("-6") : words[2].StartsWith('[');

    /// <summary>A mark that Fulcrum gives out; which one is of no matter.</summary>
    private static bool IsOurs(string[] words) => words[1] == "-f" && int.Parse(words[2]) >= 256;
}

using System.Net;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Tls;

namespace Fulcrum.Acme.Tests;

public sealed class IssuingTests : ManagerTest
{
    [Fact]
    public async Task A_certificate_is_got_and_written_for_the_owner_alone()
    {
        Start(Settings, Shop);
        await UntilValid();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FileOf(Shop)));
        var chain = Chain(Shop);
        Assert.Equal(2, chain.Count);
        Assert.Equal("CN=ACME issuer", chain[0].Issuer);
        using var key = X509Certificate2.CreateFromPemFile(FileOf(Shop), FileOf(Shop));
        Assert.True(key.HasPrivateKey);
        Assert.Equal(new DateTimeOffset(chain[0].NotAfter.ToUniversalTime()), Report().NotAfter);
        Assert.Equal((1, 1, 1), (Authority.Accounts, Authority.Orders, Authority.Issued));
        Assert.Null(Manager.Find(Shop));
    }

    [Fact]
    public async Task Keys_are_of_the_kind_that_is_wanted()
    {
        Start(Settings with { Key = CertificateKeyKind.Rsa }, Shop);
        await UntilValid();
        Assert.Equal(2048, Chain(Shop)[0].GetRSAPublicKey()!.KeySize);
    }

    [Fact]
    public async Task A_name_is_proved_by_a_page()
    {
        Authority.HttpPlace = _ => Manager.HttpEndPoint;
        Start(
            Settings with
            {
                Challenge = AcmeMethod.Http,
                HttpListen = new(IPAddress.Loopback, 0),
            },
            Shop,
            "b.example.com"
        );
        await UntilValid();
        await UntilValid("b.example.com");
        Assert.Null(Manager.HttpEndPoint);
    }

    [Fact]
    public async Task A_wildcard_and_its_domain_are_proved_by_records_that_a_program_makes()
    {
        var zone = Folder.PathOf("zone");
        Directory.CreateDirectory(zone);
        var hook = Folder.Write(
            "hook",
            $"""
            #!/bin/sh
            [ "$1" = extra ] && [ "$3" = example.com ] || exit 9
            mkdir -p {zone}/"$4"
            case "$2" in
                present) touch {zone}/"$4"/"$5" ;;
                cleanup) rm {zone}/"$4"/"$5" ;;
            esac
            """
        );
        Authority.Records = name =>
            [.. Directory.EnumerateFiles(Path.Join(zone, name)).Select(file => Path.GetFileName(file)!)];
        Start(
            Settings with
            {
                Challenge = AcmeMethod.Dns,
                DnsHook = ["/bin/sh", hook, "extra"],
            },
            "*.example.com",
            "example.com"
        );
        await UntilValid("*.example.com");
        await UntilValid("example.com");
        Assert.True(File.Exists(Folder.PathOf("certificates/_.example.com.pem")));
        Assert.Empty(Directory.EnumerateFiles(Path.Join(zone, "_acme-challenge.example.com")));
    }

    [Fact]
    public async Task A_program_that_fails_says_why()
    {
        var settings = Settings with
        {
            Challenge = AcmeMethod.Dns,
            DnsHook = ["/bin/sh", "-c", "echo no zone >&2; exit 3"],
        };
        Start(settings, Shop);
        await UntilFailures(1);
        Assert.Equal("/bin/sh present ended with 3: no zone", Report().Error);
        Apply(settings with { DnsHook = ["/no/such"] }, Shop);
        await Until(
            () => Report().Error?.StartsWith("/no/such cannot be started", StringComparison.Ordinal) == true,
            "it"
        );
    }

    [Fact]
    public async Task A_program_that_hangs_is_ended()
    {
        Limits = Limits with { Hook = TimeSpan.FromMilliseconds(300) };
        Start(Settings with { Challenge = AcmeMethod.Dns, DnsHook = ["/bin/sh", "-c", "sleep 1000"] }, Shop);
        await UntilFailures(1);
        Assert.Equal("/bin/sh present did not end within 0.3 s", Report().Error);
    }

    [Fact]
    public async Task A_proof_that_the_authority_does_not_see_ends_the_order()
    {
        var place = Authority.TlsPlace;
        Authority.TlsPlace = _ => null;
        Start(Settings, Shop);
        await UntilFailures(1);
        Assert.Equal(
            (AcmeState.Failed, "shop.example.com was not proved by tls-alpn-01: nothing listens there (unauthorized)"),
            (Report().State, Report().Error)
        );
        Assert.InRange(
            Report().NextAttempt!.Value - Time.GetUtcNow(),
            TimeSpan.FromSeconds(45),
            TimeSpan.FromSeconds(60)
        );
        Authority.TlsPlace = place;
        await UntilValid();
        Assert.Equal((2, 0), (Authority.Orders, Report().Failures));
        Assert.Null(Report().Error);
    }

    [Fact]
    public async Task Never_more_than_two_are_ordered_at_once_and_all_are_by_one_account()
    {
        Authority.BusyLooks = 2;
        var names = Enumerable.Range(0, 7).Select(i => $"n{i}.example.com").ToArray();
        Start(Settings, names);
        var most = 0;
        await Until(
            () =>
            {
                most = Math.Max(most, Reports.Count(report => report.IsOrdering));
                return Reports.Count(report => report.State == AcmeState.Valid) == names.Length;
            },
            "all certificates"
        );
        Assert.Equal(2, most);
        Assert.Equal((1, 7), (Authority.Accounts, Authority.Orders));
    }

    [Fact]
    public async Task A_name_that_comes_is_ordered_and_one_that_goes_keeps_its_file()
    {
        Start(Settings, Shop);
        await UntilValid();
        Apply(Settings, "Other.example.com");
        await UntilValid("other.example.com");
        Assert.Equal(["other.example.com"], Reports.Select(report => report.Name));
        Assert.True(File.Exists(FileOf(Shop)));
        Apply(Settings, Shop);
        await UntilValid();
        Assert.Equal(2, Authority.Orders);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_is_replaced()
    {
        Start(Settings, Shop);
        await UntilValid();
        await using var second = TestKit.Acme.AcmeAuthority.Start(Time);
        second.TlsPlace = Authority.TlsPlace;
        Apply(Settings with { Directory = second.Directory }, Shop);
        await Until(() => second.Issued == 1 && !Report().IsOrdering && Reports.Count == 1, "the second authority's");
        Assert.Equal((1, 1), (Authority.Orders, second.Orders));
        await StopAsync();
    }

    [Fact]
    public async Task A_file_that_is_half_a_certificate_is_replaced()
    {
        Start(Settings, Shop);
        await UntilValid();
        await StopAsync();
        await File.WriteAllTextAsync(FileOf(Shop), (await File.ReadAllTextAsync(FileOf(Shop)))[..400]);
        Start(Settings, Shop);
        await UntilValid();
        Assert.Equal(2, Authority.Issued);
    }

    [Fact]
    public async Task An_account_key_that_is_none_is_not_replaced()
    {
        Start(Settings, Shop);
        await UntilValid();
        await StopAsync();
        var key = Directory.EnumerateFiles(Folder.FullName, "account.pem", SearchOption.AllDirectories).Single();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        await File.WriteAllTextAsync(key, "nothing");
        Start(Settings, Shop, "b.example.com");
        await UntilFailures(1, "b.example.com");
        Assert.Equal($"there is no key in {key}", Report("b.example.com").Error);
        Assert.Equal(AcmeState.Valid, Report().State);
        Assert.Equal("nothing", await File.ReadAllTextAsync(key));
    }

    private X509Certificate2Collection Chain(string name)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(FileOf(name));
        return chain;
    }
}

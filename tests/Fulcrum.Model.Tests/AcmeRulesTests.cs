using System.Net;
using Fulcrum.Model.Services;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Tests;

public sealed class AcmeRulesTests
{
    private static readonly AcmeSettings Acme = new() { AcceptTerms = true, Email = "ops@example.com" };

    private static readonly IPEndPoint Http = new(IPAddress.Any, 80);

    [Fact]
    public void Sound_settings_have_no_findings()
    {
        Assert.Empty(Validate(Acme, "a.example.com"));
        Assert.Empty(Validate(Acme with { Challenge = AcmeMethod.Http, HttpListen = Http }, "a.example.com"));
        Assert.Empty(Validate(Acme with { Challenge = AcmeMethod.Dns, DnsHook = ["/x"] }, "*.example.com"));
        Assert.Empty(Validate(null));
    }

    [Fact]
    public void Names_need_somebody_who_issues() =>
        Assert.Equal(
            [
                "services.web.tls.acme: there is nobody who issues certificates; expected 'acme: { accept-terms: true }' at the top",
            ],
            Validate(null, "a.example.com")
        );

    [Fact]
    public void A_wildcard_is_proved_in_the_dns() =>
        Assert.Equal(
            [
                "services.web.tls.acme[1]: *.example.com can be proved only in the DNS; expected 'challenge: dns' and 'dns-hook' below 'acme' at the top",
            ],
            Validate(Acme, "example.com", "*.example.com")
        );

    [Fact]
    public void Terms_are_accepted_and_mail_comes_somewhere() =>
        Assert.Equal(
            [
                "acme.accept-terms: acme-v02.api.letsencrypt.org issues nothing to who does not accept its terms; expected true",
                "acme.email: 'ops' is no address of mail; expected one such as ops@example.com",
            ],
            Validate(new AcmeSettings { Email = "ops" })
        );

    [Fact]
    public void What_is_asked_for_is_answered_and_nothing_else()
    {
        Assert.Equal(
            [
                "acme.challenge: http is answered nowhere; expected 'http-listen: 0.0.0.0:80' beside it: authorities ask at port 80 of the name",
            ],
            Validate(Acme with { Challenge = AcmeMethod.Http })
        );
        Assert.Equal(
            ["acme.challenge: nothing makes records for dns; expected 'dns-hook: [PROGRAM]' beside it"],
            Validate(Acme with { Challenge = AcmeMethod.Dns })
        );
        Assert.Equal(
            [
                "acme.http-listen: nobody asks there; expected 'challenge: http' beside it",
                "acme.dns-hook: no record is asked for; expected 'challenge: dns' beside it",
            ],
            Validate(Acme with { HttpListen = Http, DnsHook = ["/x"] })
        );
        Assert.Equal(
            ["acme.http-listen: 0.0.0.0:443 is already listened to by service 'web'"],
            Validate(Acme with { Challenge = AcmeMethod.Http, HttpListen = new(IPAddress.Any, 443) }, "a.example.com")
        );
    }

    [Theory]
    [InlineData("www.Example.com", "www.example.com.pem")]
    [InlineData("*.example.com", "_.example.com.pem")]
    public void The_file_of_a_name_is_no_pattern(string name, string file) =>
        Assert.Equal(file, AcmeSettings.FileNameOf(name));

    private static string[] Validate(AcmeSettings? acme, params string[] names) =>
        [
            .. SnapshotValidator
                .Validate(
                    new Snapshot
                    {
                        Acme = acme,
                        Services = names.Length == 0 ? Named<Service>.Empty : Named<Service>.From([Web(names)]),
                        Upstreams = Named<Upstream>.From([
                            new()
                            {
                                Name = "pages",
                                Backends = [new() { Address = HostAddress.Of(IPAddress.Loopback) }],
                            },
                        ]),
                    }
                )
                .Select(finding => finding.ToProblem(null).ToString()),
        ];

    private static Service Web(string[] names) =>
        new()
        {
            Name = "web",
            Listeners =
            [
                new()
                {
                    Protocol = ListenerProtocol.Https,
                    Address = IPAddress.Any,
                    Ports = PortRange.Of(443),
                },
            ],
            Tls = new TlsTermination { Acme = Items.From(names) },
            Upstream = "pages",
        };
}

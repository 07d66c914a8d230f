using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Fakes;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Explaining;

public sealed class CertificateExplanationTests
{
    [Fact]
    public void A_service_tells_of_its_certificates_the_troubled_first()
    {
        var state = Shown(
            ShownCertificate.Until(Scenes.Noon.AddDays(60), "a.pem"),
            ShownCertificate.Until(Scenes.Noon.AddDays(3), "b.pem") with
            {
                Problem = "no key",
                StapleProblem = "old",
            },
            ShownCertificate.Until(Scenes.Noon.AddDays(3), "other.pem", services: "mail")
        );
        var service = state.Explain("service/web");
        Assert.Equal(["upstream/web", "certificate/b.pem", "certificate/a.pem"], service.Subjects());
        Assert.Equal(
            [
                "it ends soon, at 2026-05-04T12:01:07Z",
                "its files cannot be used: no key",
                "nothing is stapled to it: old",
                "for shop.example.com, *.shop.example.com",
            ],
            service.Of("certificate/b.pem").Reasons
        );
        Assert.Equal(
            ("expiring", "valid"),
            (service.Of("certificate/b.pem").State, service.Of("certificate/a.pem").State)
        );
    }

    [Fact]
    public void A_certificate_is_explained_by_its_file_and_a_misspelt_one_suggested()
    {
        var state = Shown(ShownCertificate.Until(Scenes.Noon.AddDays(-1)));
        var told = state.Explain("certificate//etc/fulcrum/shop.pem");
        Assert.Equal("expired", told.State);
        Assert.StartsWith(
            "certificate//etc/fulcrum/shop.pem expired: it ended at ",
            told.ToText(),
            StringComparison.Ordinal
        );
        Assert.Null(Explainer.Explain(state, Scenes.Subject("certificate//etc/fulcrum/shpo.pem")));
        var meant = Explainer.Suggest(state, Scenes.Subject("certificate//etc/fulcrum/shpo.pem"));
        Assert.Equal("certificate//etc/fulcrum/shop.pem", meant!.ToString());
    }

    private static DerivedState Shown(params ObservedCertificate[] certificates)
    {
        var inputs = EngineInputs.Nothing with
        {
            Snapshot = Web(Backend("10.0.0.1")),
            Certificates = Items.From(certificates),
        };
        return Deriver.Derive(inputs, DerivedState.Initial, Scenes.Noon).Next;
    }
}

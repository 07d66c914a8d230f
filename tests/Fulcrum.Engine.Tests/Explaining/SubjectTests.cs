using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Fakes;
using static Fulcrum.Engine.Tests.Snapshots;
using static Fulcrum.Engine.Tests.Tracing.Sites;

namespace Fulcrum.Engine.Tests.Explaining;

public sealed class SubjectTests
{
    [Theory]
    [InlineData("service/web", SubjectKind.Service, "web")]
    [InlineData("Service/ns/web", SubjectKind.Service, "ns/web")]
    [InlineData("backend/ns/web/[2001:db8::1]:80", SubjectKind.Backend, "ns/web/[2001:db8::1]:80")]
    [InlineData("host/2001:db8::1", SubjectKind.Host, "2001:db8::1")]
    [InlineData("override/backend/web/one", SubjectKind.Override, "backend/web/one")]
    public void A_subject_is_a_kind_and_all_that_follows(string text, SubjectKind kind, string name)
    {
        Assert.True(Subject.TryParse(text, out var subject));
        Assert.Equal(new(kind, name), subject);
    }

    [Theory]
    [InlineData("")]
    [InlineData("web")]
    [InlineData("service")]
    [InlineData("service/")]
    [InlineData("/web")]
    [InlineData("serv/web")]
    [InlineData("1/web")]
    public void Anything_else_is_none(string text)
    {
        Assert.False(Subject.TryParse(text, out var subject));
        Assert.Null(subject);
    }

    [Fact]
    public void Everything_that_there_is_can_be_explained_by_its_name()
    {
        var state = Site();
        foreach (var kind in Enum.GetValues<SubjectKind>())
        {
            var names = Subjects.Of(state, kind).ToList();
            Assert.Equal(Distinct(names), names.Count);
            Assert.Equal(
                kind is not (SubjectKind.Vip or SubjectKind.Announcement or SubjectKind.Plane or SubjectKind.Source),
                names.Count > 0
            );
            foreach (var name in names)
            {
                var subject = new Subject(kind, name);
                var explanation = Explainer.Explain(state, subject);
                Assert.NotNull(explanation);
                Assert.Equal(subject, explanation.Subject);
                var told = explanation.All().Where(one => !one.IsAbove).Select(one => one.Subject).ToList();
                Assert.Distinct(told);
                Assert.All(explanation.ToText().Split('\n'), line => Assert.InRange(line.Length, 1, 80));
            }
        }
    }

    [Theory]
    [InlineData("service/wbe", "service/web")]
    [InlineData("backend/ns/web/[2001:db8::1]:81", "backend/ns/web/[2001:db8::1]:80")]
    [InlineData("backend/[2001:db8::1]:80", "backend/ns/web/[2001:db8::1]:80")]
    [InlineData("upstream/web", "upstream/ns/web")]
    [InlineData("vip/web", "service/web")]
    [InlineData("service/10.0.0.1", "host/10.0.0.1")]
    [InlineData("check/ns/web/one/tpc/8081", "check/ns/web/one/tcp/8081")]
    [InlineData("override/bakend/ns/web/one", "override/backend/ns/web/one")]
    [InlineData("vip/nothing-like-it", null)]
    public void What_is_not_there_is_null_and_the_near_is_suggested(string text, string? near)
    {
        var (state, subject) = (Site(), Scenes.Subject(text));
        Assert.Null(Explainer.Explain(state, subject));
        Assert.Equal(near, Explainer.Suggest(state, subject)?.ToString());
    }

    private static int Distinct(IEnumerable<string> names) => names.Distinct(StringComparer.Ordinal).Count();

    private static DerivedState Site()
    {
        var upstream = new Upstream
        {
            Name = "ns/web",
            Backends = [Backend("10.0.0.1") with { Name = "one" }, Backend("2001:db8::1")],
            Policy = new() { Checks = [TcpCheck with { Port = 8081 }] },
        };
        var web = Service("web", Listener(ListenerProtocol.Tcp, null, 80)) with { Upstream = "ns/web" };
        var snapshot = Model.Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([upstream]),
            Services = Named<Service>.From([web]),
        };
        var state = Derive(snapshot).WithOverride(OverrideTargetKind.Backend, "ns/web/one");
        return Derive(state.Inputs with { Certificates = [ShownCertificate.Until(Scenes.Noon)] }, state);
    }
}

using Fulcrum.Engine.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Values;
using static Fulcrum.Engine.Tests.Sources.Objects;

namespace Fulcrum.Engine.Tests.Sources;

public sealed class ApiObjectTests
{
    [Fact]
    public void What_the_API_makes_is_journalled_object_by_object_and_comes_back()
    {
        var one = Made(
            SourceBook.Empty,
            ObjectChange.Put(Upstream("a.b/c")),
            ObjectChange.Put(Service("web", "a.b/c", 80))
        );
        Assert.Equal(
            ["object/upstreams/a.b/c +", "object/services/web +"],
            one.ApiChangesSince(SourceBook.Empty).Select(change => $"{change.Key} {(change.Value is null ? '-' : '+')}")
        );
        var two = Made(one, ObjectChange.Put(Service("web", "a.b/c", 81)), ObjectChange.Put(Vip("v", 1)));
        Assert.Equal(["object/services/web", "object/vips/v"], two.ApiChangesSince(one).Select(change => change.Key));
        var three = Made(two, ObjectChange.Remove("vips", "v"));
        Assert.Null(Assert.Single(three.ApiChangesSince(two)).Value);
        Assert.Empty(three.ReplaceLive(Cluster, Of(Upstream("pods"))).ApiChangesSince(three));

        Assert.Equal(three.ContentOf(Source.Api), Replayed(SourceBook.Empty, one, two, three));
    }

    [Fact]
    public void After_a_restart_each_object_that_can_be_is_there_again()
    {
        var content = Of(
            Service("web", "pages", 80),
            Service("old", "gone", 81),
            Service("shop", "own", 82),
            Upstream("own"),
            Upstream("pages")
        );
        var file = SourceBook.Empty.Replace(Edge, Of(Upstream("pages"), Service("other", "pages", 82))).Book!;
        var change = file.RestoreApi(content);
        Assert.Equal(
            [
                "services.old.upstream: there is no upstream 'gone'",
                "services.shop.listen[0]: tcp://127.0.0.1:82 is already listened to by service 'other' of file edge.yaml",
                "upstreams.pages: belongs to file edge.yaml",
            ],
            change.Problems.Select(problem => problem.ToString()).Order(StringComparer.Ordinal)
        );
        Assert.Equal(["other", "web"], change.Book!.Snapshot.Services.Select(service => service.Name));
        Assert.Equal(Source.Api, change.Book.OwnerOf("upstreams", "own"));
    }

    [Fact]
    public void An_object_that_cannot_be_read_is_said_and_leaves_the_others()
    {
        var texts = Map<string, string>
            .Empty.With("vips/a", """{ "vips": { "a": { "address": "192.0.2.1" } } }""")
            .With("vips/b", """{ "vips": { "b": { "addres": "192.0.2.1" } } }""");
        var (content, problems) = ApiObjects.Read(texts);
        Assert.Equal(["a"], content.Vips.Select(vip => vip.Name));
        Assert.All(
            problems,
            problem => Assert.StartsWith("left out what the API made: vips/b:1:", problem, StringComparison.Ordinal)
        );
        Assert.NotEmpty(problems);
    }

    private static SourceBook Made(SourceBook book, params ObjectChange[] changes) => book.ChangeApi(changes).Book!;

    private static Snapshot Replayed(params SourceBook[] books)
    {
        var journal = Map<string, string>.Empty;
        foreach (var (before, after) in books.Zip(books.Skip(1)))
        {
            foreach (var change in after.ApiChangesSince(before))
            {
                var key = change.Key["object/".Length..];
                journal = change.Value is { } text ? journal.With(key, text) : journal.Without(key);
            }
        }

        var (content, problems) = ApiObjects.Read(journal);
        Assert.Empty(problems);
        return content;
    }
}

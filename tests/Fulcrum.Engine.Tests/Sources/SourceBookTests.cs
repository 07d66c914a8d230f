using Fulcrum.Engine.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sources;
using static Fulcrum.Engine.Tests.Sources.Objects;

namespace Fulcrum.Engine.Tests.Sources;

public sealed class SourceBookTests
{
    [Fact]
    public void Each_object_has_the_owner_that_brought_it()
    {
        var book = Given((Edge, Of(Upstream("pages"), Service("web", "pages", 80))))
            .ReplaceLive(Cluster, Of(Upstream("pods"), Service("shop", "pods", 81)));
        Assert.Equal(Edge, book.OwnerOf("services", "web"));
        Assert.Equal(Cluster, book.OwnerOf("upstreams", "pods"));
        Assert.Null(book.OwnerOf("services", "nobody"));
        Assert.Equal(["web", "shop"], book.Snapshot.Services.Select(service => service.Name));
        Assert.Empty(book.Quarantined);
    }

    [Fact]
    public void A_file_is_taken_whole_or_not_at_all()
    {
        var book = Given((Edge, Of(Upstream("pages"), Service("web", "pages", 80))));
        var result = book.Replace(
            Edge,
            Of(Upstream("pages"), Service("web", "pages", 80), Service("shop", "none", 81))
        );
        Assert.Null(result.Book);
        Assert.Equal("services.shop.upstream: there is no upstream 'none'", Assert.Single(result.Problems).ToString());
    }

    [Fact]
    public void Nobody_takes_an_object_by_its_name()
    {
        var book = Given((Edge, Of(Upstream("pages")))).ReplaceLive(Cluster, Of(Upstream("pods"), Upstream("pages")));
        Assert.Equal(["upstreams.pages: belongs to file edge.yaml"], Reasons(book));
        Assert.Equal(
            "upstreams.pods: belongs to Kubernetes c1",
            Refusal(book.Replace(Edge, Of(Upstream("pages"), Upstream("pods"))))
        );
        Assert.Equal(
            "upstreams.pages: belongs to file edge.yaml",
            Refusal(book.ChangeApi([ObjectChange.Put(Upstream("pages"))]))
        );
        Assert.Equal(
            "upstreams.pages: belongs to file edge.yaml",
            Refusal(book.Replace(Source.File("other.yaml"), Of(Upstream("pages"))))
        );
    }

    [Fact]
    public void Two_files_do_not_share_what_there_is_one_of()
    {
        var book = Given((Edge, Snapshot.Empty with { Group = "edge", Guard = Guard.Off }));
        Assert.Equal(
            "group: belongs to file edge.yaml",
            Refusal(book.Replace(Source.File("other.yaml"), Snapshot.Empty with { Group = "core" }))
        );
        Assert.Equal(Guard.Off, book.Snapshot.Guard);
    }

    [Fact]
    public void Only_a_file_says_who_we_are()
    {
        var content = Of(new Node { Name = "lb1" }, Upstream("pods")) with { Group = "edge" };
        Assert.Equal(
            ["group: comes only from a file, not from the API", "nodes: comes only from a file, not from the API"],
            SourceBook.Empty.Replace(Source.Api, content).Problems.Select(problem => problem.ToString())
        );
        var book = SourceBook.Empty.ReplaceLive(Cluster, content);
        Assert.Equal(
            [
                "group: comes only from a file, not from Kubernetes c1",
                "nodes: comes only from a file, not from Kubernetes c1",
            ],
            Reasons(book)
        );
        Assert.Equal(Of(Upstream("pods")), book.Snapshot);
    }

    [Fact]
    public void A_file_cannot_rest_on_what_may_go_at_any_time()
    {
        var book = SourceBook.Empty.ReplaceLive(Cluster, Of(Upstream("pods")));
        Assert.Equal(
            "services.web.upstream: there is no upstream 'pods' but what a live source brings, and that may go at any time",
            Refusal(book.Replace(Edge, Of(Service("web", "pods", 80))))
        );
    }

    [Fact]
    public void A_file_does_not_pull_away_what_the_API_rests_on()
    {
        var book = Accepted(
            Given((Edge, Of(Upstream("pages")))).ChangeApi([ObjectChange.Put(Service("web", "pages", 80))])
        );
        Assert.Equal(
            "services.web.upstream: there is no upstream 'pages'; services/web belongs to the API",
            Refusal(book.Replace(Edge, Of(Upstream("other"))))
        );
    }

    [Fact]
    public void The_first_keeps_a_listener_and_the_second_gets_the_error()
    {
        var book = Given((Edge, Of(Upstream("pages"), Service("web", "pages", 80))))
            .ReplaceLive(Cluster, Of(Service("shop", "pages", 80)));
        Assert.Equal(
            ["services.shop.listen[0]: tcp://127.0.0.1:80 is already listened to by service 'web' of file edge.yaml"],
            Reasons(book)
        );

        book = Given((Edge, Of(Upstream("pages")))).ReplaceLive(Cluster, Of(Service("shop", "pages", 80)));
        Assert.Equal(
            "services.web.listen[0]: tcp://127.0.0.1:80 is already listened to by service 'shop' of Kubernetes c1",
            Refusal(book.Replace(Edge, Of(Upstream("pages"), Service("web", "pages", 80))))
        );
        Assert.Equal(
            "services.web.listen[0]: tcp://127.0.0.1:80 is already listened to by service 'shop' of Kubernetes c1",
            Refusal(book.ChangeApi([ObjectChange.Put(Service("web", "pages", 80))]))
        );
    }

    [Fact]
    public void Between_a_file_and_the_API_the_first_keeps_it_too()
    {
        var pages = Upstream("pages");
        var book = Accepted(Given((Edge, Of(pages))).ChangeApi([ObjectChange.Put(Service("shop", "pages", 80))]));
        Assert.Equal(
            "services.web.listen[0]: tcp://127.0.0.1:80 is already listened to by service 'shop' of the API",
            Refusal(book.Replace(Edge, Of(pages, Service("web", "pages", 80))))
        );
    }

    [Fact]
    public void What_was_quarantined_comes_in_when_its_rival_goes()
    {
        var book = SourceBook
            .Empty.ReplaceLive(Cluster, Of(Upstream("pods"), Service("shop", "pods", 80)))
            .ReplaceLive(
                OtherCluster,
                Of(Upstream("others"), Service("late", "others", 80), Service("shop", "others", 81))
            );
        Assert.Equal(
            [
                "services.late.listen[0]: tcp://127.0.0.1:80 is already listened to by service 'shop' of Kubernetes c1",
                "services.shop: belongs to Kubernetes c1",
            ],
            Reasons(book)
        );

        book = book.ReplaceLive(Cluster, Of(Upstream("pods")));
        Assert.Empty(book.Quarantined);
        Assert.Equal(OtherCluster, book.OwnerOf("services", "shop"));
        Assert.Equal(OtherCluster, book.OwnerOf("services", "late"));
    }

    [Fact]
    public void A_change_of_an_owner_does_not_cost_it_what_others_wait_for()
    {
        var book = SourceBook
            .Empty.ReplaceLive(Cluster, Of(Upstream("pods"), Service("shop", "pods", 80)))
            .ReplaceLive(
                OtherCluster,
                Of(Upstream("others"), Service("shop", "others", 81), Service("late", "others", 80))
            )
            .ReplaceLive(Cluster, Of(Upstream("pods"), Service("shop", "pods", 80, 82)));
        Assert.Equal(Cluster, book.OwnerOf("services", "shop"));
        Assert.Equal(2, book.Quarantined.Count);
    }

    [Fact]
    public void What_an_object_adds_does_not_go_before_what_others_have()
    {
        var book = SourceBook
            .Empty.ReplaceLive(Cluster, Of(Upstream("pods"), Service("shop", "pods", 80)))
            .ReplaceLive(OtherCluster, Of(Upstream("others"), Service("late", "others", 81)))
            .ReplaceLive(Cluster, Of(Upstream("pods"), Service("shop", "pods", 80, 81)));
        Assert.Equal(OtherCluster, book.OwnerOf("services", "late"));
        Assert.Null(book.OwnerOf("services", "shop"));
    }

    [Fact]
    public void A_bad_object_takes_with_it_what_leads_there_and_nothing_else()
    {
        var bad = Upstream("pods") with { Backends = [] };
        var book = SourceBook.Empty.ReplaceLive(
            Cluster,
            Of(bad, Service("shop", "pods", 80), Upstream("others"), Service("web", "others", 80))
        );
        Assert.Equal(
            [
                "upstreams.pods: has no backend and no way to find one; expected 'backends' or 'discover'",
                "services.shop.upstream: there is no upstream 'pods'",
                "services.shop.listen[0]: tcp://127.0.0.1:80 is already listened to by service 'web' of Kubernetes c1",
            ],
            Reasons(book)
        );
        // The bad one stands first, but leads nowhere; so the listener goes to who can serve it.
        Assert.Equal(Cluster, book.OwnerOf("services", "web"));
        Assert.Empty(book.ReplaceLive(Cluster, Of(Upstream("pods"), Service("shop", "pods", 81))).Quarantined);
    }

    [Fact]
    public void A_file_takes_away_what_live_objects_rest_on_and_may_give_it_back()
    {
        var before = Given((Edge, Of(Upstream("pages")))).ReplaceLive(Cluster, Of(Service("shop", "pages", 80)));
        var without = Accepted(before.Replace(Edge, Snapshot.Empty));
        Assert.Equal(["services.shop.upstream: there is no upstream 'pages'"], Reasons(without));
        var after = Accepted(without.Replace(Edge, Of(Upstream("pages"))));
        Assert.Empty(after.Quarantined);
        Assert.Equal(before.Snapshot, after.Snapshot);
    }

    [Fact]
    public void Defaults_of_the_file_may_make_a_live_object_impossible()
    {
        var book = Given((Edge, Of(Upstream("pages")))).ReplaceLive(Cluster, Of(Service("shop", "pages", 8080)));
        var defaults = new Defaults { Policy = new Policy { Forward = Forwarding.Dsr } };
        book = Accepted(book.Replace(Edge, Of(Upstream("pages")) with { Defaults = defaults }));
        Assert.Contains("dsr cannot change ports", Assert.Single(Reasons(book)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_transaction_of_the_API_is_whole_or_nothing()
    {
        var book = Accepted(
            SourceBook.Empty.ChangeApi([
                ObjectChange.Put(Service("web", "pages", 80)),
                ObjectChange.Put(Upstream("pages")),
            ])
        );
        Assert.Equal(Source.Api, book.OwnerOf("services", "web"));
        Assert.Equal(
            "services.web.upstream: there is no upstream 'pages'",
            Refusal(book.ChangeApi([ObjectChange.Remove("upstreams", "pages")]))
        );
        Assert.Equal(
            ["services.nobody: there is no such object", "pets.rex: there is no such kind of objects"],
            book.ChangeApi([
                    ObjectChange.Remove("services", "nobody"),
                    ObjectChange.Remove("pets", "rex"),
                    ObjectChange.Remove("services", "web"),
                ])
                .Problems.Select(problem => problem.ToString())
        );
        book = Accepted(
            book.ChangeApi([ObjectChange.Remove("services", "web"), ObjectChange.Remove("upstreams", "pages")])
        );
        Assert.Equal(Snapshot.Empty, book.Snapshot);
        Assert.Equal(Snapshot.Empty, book.ContentOf(Source.Api));
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
    public void What_a_plane_refused_stays_out_until_it_changes_or_is_retried()
    {
        var content = Of(Upstream("pods"), Service("shop", "pods", 80), Service("web", "pods", 81));
        var refused = SourceBook
            .Empty.ReplaceLive(Cluster, content)
            .Quarantine(Cluster, "services", "shop", new() { Message = "address already in use" });
        Assert.Equal(["address already in use"], Reasons(refused));
        Assert.Null(refused.OwnerOf("services", "shop"));
        Assert.Equal(Cluster, refused.OwnerOf("services", "web"));

        // The same again, or another object that changes, is no reason.
        Assert.Same(
            refused,
            refused.ReplaceLive(Cluster, Of(Upstream("pods"), Service("shop", "pods", 80), Service("web", "pods", 81)))
        );
        var other = refused.ReplaceLive(
            Cluster,
            Of(Upstream("pods"), Service("shop", "pods", 80), Service("web", "pods", 82))
        );
        Assert.Equal(["address already in use"], Reasons(other));

        Assert.Empty(refused.Retry(Cluster, "services", "shop").Quarantined);
        var changed = refused.ReplaceLive(
            Cluster,
            Of(Upstream("pods"), Service("shop", "pods", 88), Service("web", "pods", 81))
        );
        Assert.Empty(changed.Quarantined);
    }

    [Fact]
    public void What_is_refused_after_the_fact_leaves_its_listener_to_others()
    {
        var book = SourceBook
            .Empty.ReplaceLive(Cluster, Of(Upstream("pods"), Service("shop", "pods", 80)))
            .ReplaceLive(OtherCluster, Of(Upstream("others"), Service("late", "others", 80)))
            .Quarantine(Cluster, "services", "shop", new() { Message = "no" });
        Assert.Equal(OtherCluster, book.OwnerOf("services", "late"));
        Assert.Same(book, book.Quarantine(Cluster, "services", "nobody", new() { Message = "no" }));
    }

    [Fact]
    public void What_did_not_change_is_the_same_object()
    {
        var before = Given((Edge, Of(Upstream("pages"), Service("web", "pages", 80))));
        Assert.Same(before, Accepted(before.Replace(Edge, Of(Upstream("pages"), Service("web", "pages", 80)))));
        var after = before.ReplaceLive(Cluster, Of(Service("shop", "pages", 81)));
        Assert.Same(before.Snapshot.Upstreams, after.Snapshot.Upstreams);
        Assert.Same(before.Snapshot.Services.Find("web"), after.Snapshot.Services.Find("web"));
        var moved = Accepted(after.Replace(Edge, Of(Upstream("pages"), Service("web", "pages", 82))));
        Assert.Same(after.Snapshot.Services.Find("shop"), moved.Snapshot.Services.Find("shop"));
        Assert.NotSame(after.Snapshot.Services.Find("web"), moved.Snapshot.Services.Find("web"));
    }

    [Fact]
    public void Lists_that_lead_in_a_circle_are_all_out()
    {
        var book = SourceBook
            .Empty.ReplaceLive(Cluster, Of(Goto("a", "b"), Goto("b"), Goto("c", "a")))
            .ReplaceLive(Cluster, Of(Goto("a", "b"), Goto("b", "a"), Goto("c", "a"), Goto("d")));
        Assert.Equal(["d"], book.Snapshot.RouteLists.Select(list => list.Name));
        Assert.Equal(3, book.Quarantined.Count);
    }

    [Fact]
    public void Live_doors_and_whole_ones_are_not_mixed_up()
    {
        Assert.Throws<ArgumentException>(() => SourceBook.Empty.Replace(Cluster, Snapshot.Empty));
        Assert.Throws<ArgumentException>(() => SourceBook.Empty.ReplaceLive(Edge, Snapshot.Empty));
        Assert.Throws<ArgumentException>(() => SourceBook.Empty.Retry(Source.Api, "services", "web"));
    }

    private static SourceBook Given(params (Source Source, Snapshot Content)[] contents) =>
        contents.Aggregate(SourceBook.Empty, (book, item) => Accepted(book.Replace(item.Source, item.Content)));

    private static SourceBook Accepted(BookResult result)
    {
        Assert.Empty(result.Problems);
        return result.Book!;
    }

    private static string Refusal(BookResult result)
    {
        Assert.Null(result.Book);
        return Assert.Single(result.Problems).ToString();
    }

    private static List<string> Reasons(SourceBook book) =>
        [.. book.Quarantined.SelectMany(item => item.Problems).Select(problem => problem.ToString())];
}

using Fulcrum.Api.Access;
using Fulcrum.Api.Operations;
using Fulcrum.TestKit;

namespace Fulcrum.Api.Tests.Access;

/// <summary>The page says of every operation who may; <c>FULCRUM_UPDATE=1</c> writes its table anew.</summary>
public sealed class AccessPageTests
{
    private const string Begin = "<!-- operations: written by the tests with FULCRUM_UPDATE=1 -->\n";
    private const string End = "<!-- end -->";

    private static readonly string Page = Repository.PathOf("docs", "access.md");

    [Fact]
    public void The_table_of_operations_is_that_of_the_api()
    {
        var text = File.ReadAllText(Page);
        var begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.InRange(begin, Begin.Length, end);
        if (Environment.GetEnvironmentVariable("FULCRUM_UPDATE") == "1")
        {
            File.WriteAllText(Page, text[..begin] + Table() + text[end..]);
            return;
        }

        Assert.Equal(Table(), text[begin..end]);
    }

    private static string Table() =>
        "\n| operation | request | the least role | with a scope |\n|---|---|---|---|\n"
        + string.Concat(
            OperationTable
                .All.OrderBy(operation => operation.Role)
                .ThenBy(operation => operation.Id, StringComparer.Ordinal)
                .Select(operation =>
                    $"| {operation.Id} | `{operation.Method} {Operation.Root}{operation.Path}` | {AccessWords.Of(operation.Role)} | {(operation.IsWhole ? "no" : "their part")} |\n"
                )
        )
        + "\n";
}

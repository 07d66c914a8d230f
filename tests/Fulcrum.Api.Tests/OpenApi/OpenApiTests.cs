using Fulcrum.Api.OpenApi;
using Fulcrum.Api.Operations;
using Fulcrum.TestKit;

namespace Fulcrum.Api.Tests.OpenApi;

public sealed class OpenApiTests
{
    /// <summary><c>FULCRUM_UPDATE=1</c> writes it anew; the next build gives it to the program.</summary>
    [Fact]
    public void The_committed_document_is_that_of_the_operations()
    {
        var file = Repository.PathOf("docs", "openapi.json");
        var written = OpenApiWriter.Write(
            OperationTable.All,
            DocumentationFile.Read(
                Path.ChangeExtension(typeof(ApiServer).Assembly.Location, ".xml"),
                Path.ChangeExtension(typeof(Engine.History.HistoryEntry).Assembly.Location, ".xml")
            )
        );
        if (Environment.GetEnvironmentVariable("FULCRUM_UPDATE") == "1")
        {
            File.WriteAllText(file, written);
        }

        Assert.Equal(File.ReadAllText(file), written);
    }

    [Fact]
    public void Each_operation_has_a_name_of_its_own_and_a_path_of_its_own()
    {
        Assert.Equal(OperationTable.All.Count, OperationTable.All.DistinctBy(one => one.Id).Count());
        Assert.Equal(OperationTable.All.Count, OperationTable.All.DistinctBy(one => (one.Method, one.Path)).Count());
    }

    [Fact]
    public void What_stands_in_a_path_is_described()
    {
        foreach (var operation in OperationTable.All)
        {
            Assert.Equal(
                operation.Path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')),
                operation.Parameters.Where(parameter => parameter.IsInPath).Select(parameter => parameter.Name)
            );
        }
    }
}

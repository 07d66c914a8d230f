using System.Collections.Concurrent;
using System.Net;
using Fulcrum.Api;
using Fulcrum.Api.Problems;
using Fulcrum.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Tests;

/// <summary>A node that answers what a test has it answer, on a socket as a real one has it.</summary>
internal sealed class FakeNode : IAsyncDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly WebApplication _app;

    private FakeNode(Func<HttpRequest, IResult> answer, bool isOnTcp)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            if (isOnTcp)
            {
                options.Listen(IPAddress.Loopback, 0);
            }
            else
            {
                options.ListenUnixSocket(_folder.PathOf("fulcrum.sock"));
            }
        });
        builder.Services.ConfigureHttpJsonOptions(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default)
        );
        _app = builder.Build();
        _app.Run(context =>
        {
            _asked.Enqueue(
                $"{context.Request.Method} {context.Request.Path}{Uri.UnescapeDataString(context.Request.QueryString.Value!)}"
            );
            return answer(context.Request).ExecuteAsync(context);
        });
    }

    /// <summary>What it was asked, in order.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <summary>Its state directory.</summary>
    public string State => _folder.FullName;

    /// <summary>Where it is on TCP.</summary>
    public string Url => _app.Urls.Single();

    public static async Task<FakeNode> Start(Func<HttpRequest, IResult> answer, bool isOnTcp = false)
    {
        var node = new FakeNode(answer, isOnTcp);
        await node._app.StartAsync();
        return node;
    }

    public static IResult Refusal(int status, string title) =>
        Results.Json(
            new ProblemDocument { Title = title, Status = status },
            ApiJson.Default.ProblemDocument,
            "application/problem+json",
            status
        );

    public static IResult Json(string text) => Results.Text(text, "application/json");

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}

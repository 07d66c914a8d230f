using System.Net;
using System.Text;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Tls;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

/// <summary>With Kestrel, whose HTTP/2 is not ours; what it carries is grpc.health.v1, by hand.</summary>
public sealed class GrpcTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _folder = new();
    private readonly TestAuthority _authority = TestAuthority.Create();
    private WebApplication? _server;

    public async ValueTask InitializeAsync()
    {
        using var certificate = _authority.Issue("grpc.example.com");
        var pem = _folder.Write("server.pem", certificate.ChainPem + certificate.KeyPem);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                {
                    listen.Protocols = HttpProtocols.Http2;
                    listen.UseHttps(
                        System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(pem)
                    );
                }
            );
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        _server = builder.Build();
        _server.Run(Serve);
        await _server.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("", true, "serving")]
    [InlineData("shop", true, "serving")]
    [InlineData("down", false, "not serving")]
    [InlineData("odd", false, "unknown")]
    [InlineData("strange", false, "NOT_FOUND: no such service: strange")]
    [InlineData("broken", false, "status 500")]
    [InlineData("abort", false, "stream reset: INTERNAL_ERROR")]
    public async Task A_service_is_as_healthy_as_it_says(string service, bool isHealthy, string reason)
    {
        foreach (var (port, tls) in new[] { (0, null), (1, Trusting()) })
        {
            var finding = await Ask(new GrpcProbe { Service = service, Tls = tls }, port);
            Assert.Equal(isHealthy ? Healthy(reason) : Unhealthy(reason), finding);
        }
    }

    [Fact]
    public async Task A_server_of_another_version_is_told() =>
        Assert.Equal(Unhealthy("not HTTP/2: no settings come first"), await Ask(new GrpcProbe(), 2));

    [Fact]
    public async Task A_server_that_never_answers_is_a_time_out() =>
        Assert.Equal(
            Unhealthy("timed out waiting for an answer"),
            await Ask(new GrpcProbe { Service = "hangs" }, 0, TimeSpan.FromMilliseconds(300))
        );

    private TlsConnection Trusting() =>
        new()
        {
            Verify = TlsVerify.Authorities,
            Authorities = _folder.Write("authorities.pem", _authority.Pem),
            ServerName = "grpc.example.com",
        };

    private Task<Finding> Ask(GrpcProbe probe, int listener, TimeSpan? timeout = null)
    {
        var task = Inquiry.TaskFor(probe, IPAddress.Loopback, new Uri(_server!.Urls.ElementAt(listener)).Port);
        return Inquiry.Verdict(task with { Timeout = timeout ?? task.Timeout });
    }

    private static async Task Serve(HttpContext context)
    {
        Assert.Equal("/grpc.health.v1.Health/Check", context.Request.Path);
        Assert.Equal("application/grpc", context.Request.ContentType);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        context.Response.ContentType = "application/grpc";
        // Five octets before the message; in it, the tag and the length of the name.
        var service = Encoding.UTF8.GetString(body.ToArray().Skip(7).ToArray());
        switch (service)
        {
            case "hangs":
                var gone = new TaskCompletionSource();
                using (context.RequestAborted.Register(gone.SetResult))
                {
                    await gone.Task;
                }

                break;
            case "abort":
                context.Abort();
                break;
            case "broken":
                context.Response.StatusCode = 500;
                break;
            case "strange":
                context.Response.Headers["grpc-status"] = "5";
                context.Response.Headers["grpc-message"] = "no such service%3A strange";
                break;
            default:
                byte[] status = service switch
                {
                    "down" => [8, 2],
                    "odd" => [],
                    _ => [8, 1],
                };
                await context.Response.Body.WriteAsync((byte[])[0, 0, 0, 0, (byte)status.Length, .. status]);
                context.Response.AppendTrailer("grpc-status", "0");
                break;
        }
    }
}

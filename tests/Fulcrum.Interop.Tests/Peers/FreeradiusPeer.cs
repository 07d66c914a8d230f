using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Peers;

/// <summary>
/// FreeRADIUS with a configuration of its own, not that of the system. Alice may come in, carol is asked for more, and
/// whoever is not known may not.
/// </summary>
public sealed class FreeradiusPeer : Peer
{
    private const string Configuration = """
        prefix = /usr
        libdir = /usr/lib/freeradius
        name = radiusd
        logdir = ${confdir}
        run_dir = ${confdir}
        pidfile = ${confdir}/pid
        security {
          reject_delay = 0
          status_server = yes
        }
        thread pool {
          start_servers = 1
          max_servers = 2
        }
        client probes {
          ipaddr = 127.0.0.1
          secret = s3cret
          require_message_authenticator = yes
        }
        modules {
          pap {
          }
          chap {
          }
          files {
            usersfile = ${confdir}/users
          }
          always ok {
            rcode = ok
          }
          always reject {
            rcode = reject
          }
        }
        server default {
          listen {
            type = auth
            ipaddr = 127.0.0.1
            port = 1812
          }
          authorize {
            chap
            files
            pap
          }
          authenticate {
            Auth-Type PAP {
              pap
            }
            Auth-Type CHAP {
              chap
            }
            Auth-Type More {
              update reply {
                &Reply-Message := "the code, please"
              }
              update control {
                &Response-Packet-Type := Access-Challenge
              }
              ok
            }
          }
        }
        """;

    private const string Users = """
        alice Cleartext-Password := "wonderland"
          Reply-Message = "hello, alice"
        carol Auth-Type := More

        """;

    private FreeradiusPeer(NetworkNamespace home)
        : base("freeradius", home) { }

    public static async Task<FreeradiusPeer> Start(NetworkNamespace home)
    {
        var program = Require.Tool("freeradius");
        var peer = new FreeradiusPeer(home);
        peer.Folder.Write("radiusd.conf", Configuration);
        peer.Folder.Write("users", Users);
        var folder = peer.Folder.FullName;
        await peer.StartAsync(
            program,
            ["-f", "-l", "stdout", "-d", folder, "-D", "/usr/share/freeradius", "-n", "radiusd"]
        );
        return peer;
    }

    protected override Task<bool> IsReady() => Task.FromResult(Log.Contains("Ready to process requests"));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Akira.Responder.Access;
using Akira.Responder.Alerts;
using Akira.Responder.Analysis;
using Akira.Responder.Deploys;
using Akira.Responder.Incidents;
using Akira.Responder.OnCall;
using Akira.Responder.Postmortems;
using Akira.Responder.Probes;
using Akira.Responder.Silences;

namespace Akira.Responder.Http;

/// <summary>What goes over HTTP. Members we do not know are let pass: senders have their own.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PostedAlert[]))]
[JsonSerializable(typeof(PostedWebhook))]
[JsonSerializable(typeof(Said))]
[JsonSerializable(typeof(Told))]
[JsonSerializable(typeof(PostedDeploy))]
[JsonSerializable(typeof(Deploy))]
[JsonSerializable(typeof(IncidentPage))]
[JsonSerializable(typeof(IncidentSummary[]))]
[JsonSerializable(typeof(JsonObject[]))]
[JsonSerializable(typeof(OnCallNow))]
[JsonSerializable(typeof(PostedCover))]
[JsonSerializable(typeof(Imported))]
[JsonSerializable(typeof(PostedSilence))]
[JsonSerializable(typeof(SilenceView[]))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(NewToken))]
[JsonSerializable(typeof(TokenRow[]))]
[JsonSerializable(typeof(ProbedService[]))]
[JsonSerializable(typeof(AnalyticsReport))]
[JsonSerializable(typeof(PostedPaper))]
[JsonSerializable(typeof(PaperVersion[]))]
[JsonSerializable(typeof(Ticket[]))]
internal sealed partial class WireJson : JsonSerializerContext;

var app = WebApplication.Create(args);
app.MapGet("/v1/helmets", () => new[] { "small", "large" });
app.Run();

import express from "express";

const app = express();

app.get("/price", (request, response) => {
  const minutes = Number(request.query.minutes ?? 0);
  response.json({ cents: 100 + 15 * minutes });
});

app.listen(8080);

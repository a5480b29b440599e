from fastapi import FastAPI

app = FastAPI()


@app.get("/format/{cents}")
def format_price(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d} EUR"

export const avatar = (name) => `https://pictures.loop.example/${encodeURIComponent(name)}.png`;

type Route = `/${string}/b`; // "c"
interface Options<T = 'a' | "b"> { path?: string; match: RegExp }
export const find = async <T,>(options: Options<T>): Promise<T[]> => {
  const parts = options.path!.split(/[/"']/).map((part) => part as unknown as T);
  return parts.length / 2 > 1 ? parts : [...parts, `x${`y${1 / 2}`}` as never];
};
@Controller('a/*') class Sample { @Get(`/b/${'c'}`) get(): void { /* it's */ } }

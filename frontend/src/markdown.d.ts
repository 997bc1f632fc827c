declare module "*.md" {
  const page: import("./pages/manual/pages").ManualText;
  export default page;
}

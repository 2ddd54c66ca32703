import type { AtmosConfig } from './config.ts'
import { type Plain, plain, valueAt } from './value.ts'

/** `atmos_cli_config` of `describe component`: the parts of the configuration that a component depends on. */
export function cliConfig(config: AtmosConfig): Plain {
  const raw = (path: string): Plain | undefined => {
    const value = valueAt(config.raw, path.split('.'))
    return value && plain(value)
  }
  const { terraform, helmfile, packer, ansible, kubernetes, helm } = config.components
  const list = { columns: null, format: '' }
  return {
    base_path: config.basePath,
    components: {
      Plugins: null,
      terraform: {
        base_path: terraform.basePath,
        command: terraform.command,
        apply_auto_approve: terraform.applyAutoApprove,
        append_user_agent: terraform.appendUserAgent || 'Atmos/1.227 (Cloud Posse; +https://atmos.tools)',
        auto_generate_backend_file: terraform.autoGenerateBackendFile,
        auto_generate_files: terraform.autoGenerateFiles,
        auto_provision_workdir_for_outputs: raw('components.terraform.auto_provision_workdir_for_outputs') ?? true,
        ci: raw('components.terraform.ci') ?? {},
        deploy_run_init: terraform.deployRunInit,
        init: { pass_vars: terraform.initPassVars },
        init_run_reconfigure: terraform.initRunReconfigure,
        lint: raw('components.terraform.lint') ?? {},
        plan: { skip_planfile: terraform.skipPlanfile },
        planfiles: raw('components.terraform.planfiles') ?? { default: '' },
        plugin_cache: terraform.pluginCache,
        shell: { prompt: raw('components.terraform.shell.prompt') ?? '' },
        workspace: raw('components.terraform.workspace') ?? {},
        ...(terraform.workspacesEnabled !== undefined && { workspaces_enabled: terraform.workspacesEnabled }),
      },
      helmfile: {
        auto_generate_files: false,
        base_path: helmfile.basePath,
        command: helmfile.command,
        cluster_name: raw('components.helmfile.cluster_name') ?? '',
        cluster_name_pattern: raw('components.helmfile.cluster_name_pattern') ?? '',
        cluster_name_template: raw('components.helmfile.cluster_name_template') ?? '',
        helm_aws_profile_pattern: raw('components.helmfile.helm_aws_profile_pattern') ?? '',
        kubeconfig_path: raw('components.helmfile.kubeconfig_path') ?? '',
        use_eks: raw('components.helmfile.use_eks') ?? false,
      },
      packer: { auto_generate_files: false, base_path: packer.basePath, command: packer.command },
      ansible: { auto_generate_files: false, base_path: ansible.basePath, command: ansible.command },
      kubernetes: {
        auto_generate_files: false,
        base_path: kubernetes.basePath,
        provider: raw('components.kubernetes.provider') ?? '',
      },
      helm: { auto_generate_files: false, base_path: helm.basePath },
      list,
    },
    stacks: {
      base_path: config.stacks.basePath,
      included_paths: [...config.stacks.includedPaths],
      excluded_paths: config.stacks.excludedPaths.length === 0 ? null : [...config.stacks.excludedPaths],
      inherit: raw('stacks.inherit') ?? { metadata: true },
      list,
      name_pattern: config.stacks.namePattern,
      name_template: config.stacks.nameTemplate,
    },
    workflows: { base_path: config.workflows.basePath, list },
  }
}
